package io.sekisho.lab.matrix;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Connections that are tried through one socket, which is open already. */
interface Tries extends AutoCloseable {
  /** Sends what opens them. */
  void start(Selector selector) throws IOException;

  /** Goes on when the socket is ready. */
  void ready(SelectionKey key) throws IOException;

  @Override
  void close() throws IOException;
}
