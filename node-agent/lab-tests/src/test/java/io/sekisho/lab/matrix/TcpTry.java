package io.sekisho.lab.matrix;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One TCP connection: opened, and some bytes there and back. */
final class TcpTry implements Tries {
  private static final long WORD = 0x5ec1_5640L;

  private final SocketChannel channel;
  private final InetSocketAddress to;
  private final Runnable answered;
  private final ByteBuffer back = ByteBuffer.allocate(Long.BYTES);

  /** Opens the socket where the calling thread is. */
  TcpTry(InetSocketAddress to, Runnable answered) throws IOException {
    this.to = to;
    this.answered = answered;
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    // ends with a reset: nothing lingers
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
  }

  @Override
  public void start(Selector selector) throws IOException {
    SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    if (channel.connect(to)) {
      speak(key);
    }
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    if (key.isConnectable()) {
      channel.finishConnect();
      speak(key);
    } else if (channel.read(back) < 0) {
      key.cancel();
    } else if (!back.hasRemaining() && back.getLong(0) == WORD) {
      key.cancel();
      answered.run();
    }
  }

  private void speak(SelectionKey key) throws IOException {
    key.interestOps(SelectionKey.OP_READ);
    channel.write(ByteBuffer.allocate(Long.BYTES).putLong(WORD).flip());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
