package io.sekisho.netlink;

import io.sekisho.libbpf.system.Descriptor;
import io.sekisho.libbpf.system.SystemCalls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A raw socket for echo requests and replies of one family (raw(7), CAP_NET_RAW), bound for life to
 * the network namespace of the thread that opened it. The kernel gives it only echo replies, those
 * of other senders too, or only one other type of message. Any thread may send; one receives.
 */
public final class IcmpSocket implements AutoCloseable {
  private static final int SOCK_RAW = 3;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int SOL_RAW = 255;
  private static final int FILTER = 1;
  private static final int FILTER_V6_BYTES = 32;
  private static final int SOCKADDR_IN = 16;
  private static final int SOCKADDR_IN6 = 28;
  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int PORT_V4_ADDRESS = 4;
  private static final int PORT_V6_ADDRESS = 8;

  /** ICMPv6 packet too big (RFC 4443 section 3.2). */
  private static final int TOO_BIG = 2;

  /** More than the longest IPv4 header with our message. */
  private static final int ROOM = 128;

  private final Descriptor socket;
  private final boolean ipv4;
  private final byte[] packet = new byte[ROOM];
  private final byte[] sender = new byte[SOCKADDR_IN6];

  private IcmpSocket(Descriptor socket, boolean ipv4) {
    this.socket = socket;
    this.ipv4 = ipv4;
  }

  /** A reply and who sent it. */
  public record Reply(InetAddress from, EchoMessage message) {}

  /**
   * Opens a socket in the calling thread's network namespace.
   *
   * @throws NetlinkException PERMISSION without CAP_NET_RAW; SYSTEM if the kernel lacks the family
   */
  public static IcmpSocket open(boolean ipv4) {
    return open(ipv4, ipv4 ? EchoMessage.REPLY_V4 : EchoMessage.REPLY_V6);
  }

  /**
   * Opens a socket that is given what routers tell this namespace of packets that were too big for
   * an IPv6 way, and no replies: for {@link #await} and {@link #skip}.
   *
   * @throws NetlinkException as {@link #open}
   */
  public static IcmpSocket openTooBig() {
    return open(false, TOO_BIG);
  }

  private static IcmpSocket open(boolean ipv4, int type) {
    int fd = SystemCalls.socket(ipv4 ? AF_INET : AF_INET6, SOCK_RAW, ipv4 ? ICMP : ICMPV6);
    var socket = new Descriptor(NetlinkException.check("ICMP socket", fd));
    int result =
        SystemCalls.setsockopt(
            fd, ipv4 ? SOL_RAW : ICMPV6, FILTER, ipv4 ? filterV4(type) : filterV6(type));
    if (result < 0) {
      socket.close();
      throw NetlinkException.refused("filter of the ICMP socket", -result, "");
    }
    return new IcmpSocket(socket, ipv4);
  }

  /** Bits of types that are not wanted: all but one (struct icmp_filter). */
  private static byte[] filterV4(int type) {
    int mask = ~(1 << type);
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(mask).array();
  }

  /** The same in 32-bit words (struct icmp6_filter, RFC 3542). */
  private static byte[] filterV6(int type) {
    var words = ByteBuffer.allocate(FILTER_V6_BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < FILTER_V6_BYTES / Integer.BYTES; i++) {
      words.putInt(i == type / 32 ? ~(1 << type % 32) : -1);
    }
    return words.array();
  }

  /** Whether the address is of the socket's family. */
  public boolean reaches(InetAddress address) {
    return address.getAddress().length == 4 == ipv4;
  }

  /**
   * Sends a request.
   *
   * @throws NetlinkException SYSTEM for example if there is no route
   */
  public void send(InetAddress to, EchoMessage message) {
    long result = SystemCalls.sendTo(socket.number(), message.request(ipv4), sockaddr(to));
    NetlinkException.check("echo request to " + to.getHostAddress(), result);
  }

  /**
   * Sends a request that fills a packet of a length, bytes with its IP header; its reply is none to
   * {@link #receive}.
   *
   * @throws NetlinkException as {@link #send(InetAddress, EchoMessage)}
   */
  public void send(InetAddress to, EchoMessage message, int packetLength) {
    byte[] request = message.request(ipv4, packetLength - (ipv4 ? IPV4_HEADER : IPV6_HEADER));
    long result = SystemCalls.sendTo(socket.number(), request, sockaddr(to));
    NetlinkException.check("long echo request to " + to.getHostAddress(), result);
  }

  private byte[] sockaddr(InetAddress address) {
    var to = ByteBuffer.allocate(ipv4 ? SOCKADDR_IN : SOCKADDR_IN6).order(ByteOrder.nativeOrder());
    to.putShort((short) (ipv4 ? AF_INET : AF_INET6));
    to.put(ipv4 ? PORT_V4_ADDRESS : PORT_V6_ADDRESS, address.getAddress());
    return to.array();
  }

  /**
   * The next reply that has come; empty if there is none, or if the socket tells of an error of an
   * earlier packet (it can be read again then). What is no reply is passed over.
   */
  public Optional<Reply> receive() {
    while (true) {
      long length = SystemCalls.receiveFrom(socket.number(), packet, sender);
      if (length < 0) {
        return Optional.empty();
      }
      Optional<EchoMessage> message = EchoMessage.reply(packet, (int) length, ipv4);
      if (message.isPresent()) {
        return message.map(m -> new Reply(sender(), m));
      }
    }
  }

  /** Reads over what has come, up to a number of messages. */
  public void skip(int most) {
    for (int i = 0; i < most; i++) {
      if (SystemCalls.receiveFrom(socket.number(), packet, sender) < 0) {
        return;
      }
    }
  }

  private InetAddress sender() {
    int from = ipv4 ? PORT_V4_ADDRESS : PORT_V6_ADDRESS;
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(sender, from, from + (ipv4 ? 4 : 16)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are always an address", e);
    }
  }

  /** Waits until one of some sockets may have a reply; false after the time. */
  public static boolean await(List<IcmpSocket> sockets, int millis) {
    int[] fds = sockets.stream().mapToInt(s -> s.socket.number()).toArray();
    return SystemCalls.awaitReadable(fds, millis) > 0;
  }

  @Override
  public void close() {
    socket.close();
  }
}
