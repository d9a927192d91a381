package io.sekisho.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntBinaryOperator;

/**
 * The other nodes and their pods on the wire: a datagram that comes to one of these pods through
 * VXLAN goes back to its sender as if the pod had answered.
 */
final class TunnelEcho implements AutoCloseable {
  /** As Linux and our agents have it, not IANA's 4789. */
  private static final int PORT = 8472;

  private static final int LARGEST = 2048;

  // Offsets by RFC 7348 (VXLAN), Ethernet, RFC 791 (IPv4) without options, RFC 768 (UDP).
  private static final int VNI = 4;
  private static final int MACS = 8;
  private static final int TYPE = 20;
  private static final int IP = 22;
  private static final int PROTOCOL = IP + 9;
  private static final int SOURCE = IP + 12;
  private static final int DESTINATION = IP + 16;
  private static final int UDP = IP + 20;
  private static final int CHECKSUM = UDP + 6;
  private static final int SHORTEST = UDP + 8;

  private static final int TYPE_IPV4 = 0x0800;
  private static final int PLAIN_IPV4 = 0x45;
  private static final int PROTOCOL_UDP = 17;

  private final IntBinaryOperator identities;
  private final Selector selector;
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private final Thread thread;

  /**
   * Answers at once.
   *
   * @param nodes their addresses, which are this machine's
   * @param identities of the pod that has {@code 10.128.first.second}
   */
  TunnelEcho(List<String> nodes, IntBinaryOperator identities) {
    this.identities = identities;
    try {
      selector = Selector.open();
      for (String node : nodes) {
        var channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channels.add(channel);
        channel.bind(new InetSocketAddress(node, PORT)).configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
      }
    } catch (IOException e) {
      channels.forEach(TunnelEcho::end);
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name("tunnel-echo").start(this::run);
  }

  private void run() {
    ByteBuffer packet = ByteBuffer.allocate(LARGEST);
    try {
      while (selector.isOpen()) {
        selector.select(
            key -> {
              if (key.channel() instanceof DatagramChannel channel) {
                answer(channel, packet);
              }
            });
      }
    } catch (ClosedSelectorException e) {
      // the end
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(DatagramChannel channel, ByteBuffer packet) {
    try {
      while (channel.receive(packet.clear()) instanceof InetSocketAddress node) {
        if (turn(packet.flip(), identities)) {
          channel.send(packet, new InetSocketAddress(node.getAddress(), PORT));
          answered.incrementAndGet();
        }
      }
    } catch (IOException e) {
      // who sent it sends again
    }
  }

  /** Makes of a datagram to a pod what the pod would answer; false if it is none. */
  static boolean turn(ByteBuffer packet, IntBinaryOperator identities) {
    if (packet.limit() < SHORTEST
        || packet.getShort(TYPE) != TYPE_IPV4
        || packet.get(IP) != PLAIN_IPV4
        || packet.get(PROTOCOL) != PROTOCOL_UDP) {
      return false;
    }
    int pod =
        identities.applyAsInt(
            Byte.toUnsignedInt(packet.get(DESTINATION + 2)),
            Byte.toUnsignedInt(packet.get(DESTINATION + 3)));
    packet.putInt(VNI, pod << 8);
    swap(packet, MACS, 6);
    swap(packet, SOURCE, 4);
    swap(packet, UDP, 2);
    // the sender's card would have filled it in; IPv4 does without
    packet.putShort(CHECKSUM, (short) 0);
    return true;
  }

  /** Two fields that follow each other change places. */
  private static void swap(ByteBuffer packet, int at, int length) {
    for (int i = at; i < at + length; i++) {
      byte first = packet.get(i);
      packet.put(i, packet.get(i + length)).put(i + length, first);
    }
  }

  /** How many datagrams were answered. */
  long answered() {
    return answered.get();
  }

  private static void end(DatagramChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      selector.close();
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      channels.forEach(TunnelEcho::end);
    }
  }
}
