package io.sekisho.lab.kubernetes;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The turn to have Kubernetes' nodes on this machine, one cluster after the other: a kubelet sets
 * what is the whole machine's, and who ends a cluster puts back what was before it. It ends with
 * the process, if not by {@link #close}.
 */
final class NodesTurn implements AutoCloseable {
  private static final Path FILE = Path.of("/run/lock/sekisho-nodes");

  private final FileChannel channel;

  private NodesTurn(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until no other process has it; each has it once. */
  static NodesTurn take() {
    try {
      FileChannel channel = FileChannel.open(FILE, CREATE, WRITE);
      channel.lock();
      return new NodesTurn(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + FILE, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + FILE, e);
    }
  }
}
