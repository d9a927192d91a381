package io.sekisho.lab.matrix;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.function.IntConsumer;

/** A datagram to each of several servers from one socket, with the server's place in the list. */
final class UdpTries implements Tries {
  private final DatagramChannel channel;
  private final List<InetSocketAddress> to;
  private final IntConsumer answered;
  private final ByteBuffer buffer = ByteBuffer.allocate(64);

  /** Opens the socket where the calling thread is. */
  UdpTries(ProtocolFamily family, List<InetSocketAddress> to, IntConsumer answered)
      throws IOException {
    this.to = List.copyOf(to);
    this.answered = answered;
    channel = DatagramChannel.open(family);
    channel.configureBlocking(false);
  }

  @Override
  public void start(Selector selector) throws IOException {
    channel.register(selector, SelectionKey.OP_READ, this);
    for (int i = 0; i < to.size(); i++) {
      channel.send(ByteBuffer.allocate(Integer.BYTES).putInt(i).flip(), to.get(i));
    }
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    while (channel.receive(buffer.clear()) instanceof InetSocketAddress from) {
      int place = buffer.flip().remaining() == Integer.BYTES ? buffer.getInt() : -1;
      if (place >= 0 && place < to.size() && to.get(place).equals(from)) {
        answered.accept(place);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
