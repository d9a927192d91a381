package io.sekisho.testkit.packet;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds an Ethernet frame step by step: addresses first, then what lies above. Lengths and
 * checksums are right; broken packets are made by changing bytes of a right one. IPv4 or IPv6 goes
 * by the addresses.
 */
public final class PacketBuilder {
  private final byte[] source;
  private final byte[] destination;
  private byte[] sourceMac = new byte[6];
  private byte[] destinationMac = new byte[6];
  private int hopLimit = 64;
  private byte[] options = new byte[0];
  private int fragment;
  private final List<Extension> extensions = new ArrayList<>();
  private Transport transport = Transport.unknown(253);
  private byte[] payload = new byte[0];

  /** An IPv6 extension header; body without the two bytes that all have in common. */
  private record Extension(int kind, byte[] body) {}

  private PacketBuilder(String source, String destination) {
    this.source = address(source);
    this.destination = address(destination);
    if (this.source.length != this.destination.length) {
      throw new IllegalArgumentException("two families: " + source + ", " + destination);
    }
  }

  /** A packet between two addresses in text form. */
  public static PacketBuilder packet(String source, String destination) {
    return new PacketBuilder(source, destination);
  }

  private static byte[] address(String text) {
    return InetAddress.ofLiteral(text).getAddress();
  }

  private boolean ipv6() {
    return source.length == 16;
  }

  /** MAC addresses, 6 bytes each; zero unless set. */
  public PacketBuilder macs(byte[] newSource, byte[] newDestination) {
    sourceMac = newSource.clone();
    destinationMac = newDestination.clone();
    return this;
  }

  /** TTL or hop limit; 64 unless set. */
  public PacketBuilder hopLimit(int newHopLimit) {
    hopLimit = newHopLimit;
    return this;
  }

  /** IPv4 options, a multiple of 4 bytes. */
  public PacketBuilder options(byte[] newOptions) {
    options = newOptions.clone();
    return this;
  }

  /**
   * Makes it a fragment.
   *
   * @param offset of its content, in units of 8 bytes
   * @param more whether others follow
   */
  public PacketBuilder fragment(int offset, boolean more) {
    if (ipv6()) {
      int field = offset << 3 | (more ? 1 : 0);
      return extension(
          Protocol.FRAGMENT, new byte[] {(byte) (field >> 8), (byte) field, 0, 0, 0, 7});
    }
    fragment = offset | (more ? 0x2000 : 0);
    return this;
  }

  /** Forbids to cut an IPv4 packet. */
  public PacketBuilder dontFragment() {
    fragment |= 0x4000;
    return this;
  }

  /**
   * Adds an IPv6 extension header.
   *
   * @param body what follows its next-header and length bytes: 6 bytes, or 8 more for each unit
   */
  public PacketBuilder extension(int kind, byte[] body) {
    if (body.length % 8 != 6) {
      throw new IllegalArgumentException("body of " + body.length + " bytes");
    }
    extensions.add(new Extension(kind, body.clone()));
    return this;
  }

  /** A TCP segment; ports 0 to 65535, flags of {@link Tcp}. */
  public PacketBuilder tcp(int sourcePort, int destinationPort, int flags) {
    transport = Transport.tcp(sourcePort, destinationPort, flags);
    return this;
  }

  /** A UDP datagram; its payload must be set before. */
  public PacketBuilder udp(int sourcePort, int destinationPort) {
    transport = Transport.udp(sourcePort, destinationPort, payload.length);
    return this;
  }

  /**
   * A VXLAN packet (RFC 7348) that carries another frame.
   *
   * @param port destination port
   * @param identifier network identifier, 24 bits
   */
  public PacketBuilder vxlan(int port, int identifier, byte[] inner) {
    var header = ByteBuffer.allocate(8 + inner.length).putInt(0x08000000).putInt(identifier << 8);
    return payload(header.put(inner).array()).udp(49152, port);
  }

  /** An SCTP packet without chunks. */
  public PacketBuilder sctp(int sourcePort, int destinationPort) {
    transport = Transport.sctp(sourcePort, destinationPort);
    return this;
  }

  /** An echo request of the family. */
  public PacketBuilder echo(int id) {
    return icmp(ipv6() ? 128 : 8, 0, id);
  }

  /** An echo reply of the family. */
  public PacketBuilder echoReply(int id) {
    return icmp(ipv6() ? 129 : 0, 0, id);
  }

  /** An ICMP or ICMPv6 message, with the id in bytes 4 and 5. */
  public PacketBuilder icmp(int type, int code, int id) {
    transport = Transport.icmp(ipv6(), type, code, id);
    return this;
  }

  /** An ICMP error (port unreachable) that quotes another frame's packet, as RFC 792 wants it. */
  public PacketBuilder unreachable(byte[] quoted) {
    payload(Frame.of(quoted).quotation());
    return ipv6() ? icmp(1, 4, 0) : icmp(3, 3, 0);
  }

  /**
   * An ICMP error (time exceeded) that quotes a fragment whole, as RFC 1812 and RFC 4443 want it.
   */
  public PacketBuilder quoting(byte[] fragment) {
    payload(Arrays.copyOfRange(fragment, Frame.ETHERNET, fragment.length));
    return ipv6() ? icmp(3, 0, 0) : icmp(11, 0, 0);
  }

  /** Whatever protocol, the payload is all of it. */
  public PacketBuilder protocol(int number) {
    transport = Transport.unknown(number);
    return this;
  }

  /** So many bytes of payload. */
  public PacketBuilder payload(int length) {
    return payload(new byte[length]);
  }

  /** What lies above layer 4. */
  public PacketBuilder payload(byte[] bytes) {
    payload = bytes.clone();
    return this;
  }

  /** The frame. */
  public byte[] build() {
    byte[] segment = transport.segment(source, destination, payload);
    byte[] packet = ipv6() ? ipv6(segment) : ipv4(segment);
    return ethernet(
        sourceMac,
        destinationMac,
        ipv6() ? Protocol.ETHERTYPE_IPV6 : Protocol.ETHERTYPE_IPV4,
        packet);
  }

  /** A frame of any type. */
  public static byte[] ethernet(byte[] source, byte[] destination, int type, byte[] content) {
    return ByteBuffer.allocate(Frame.ETHERNET + content.length)
        .put(destination)
        .put(source)
        .putShort((short) type)
        .put(content)
        .array();
  }

  private byte[] ipv4(byte[] segment) {
    int header = 20 + options.length;
    var packet =
        ByteBuffer.allocate(header + segment.length)
            .put((byte) (0x40 | header / 4))
            .put((byte) 0)
            .putShort((short) (header + segment.length))
            .putShort((short) 7)
            .putShort((short) fragment)
            .put((byte) hopLimit)
            .put((byte) transport.protocol())
            .putShort((short) 0)
            .put(source)
            .put(destination)
            .put(options)
            .put(segment);
    packet.putShort(10, (short) Checksum.of(packet.array(), 0, header, 0));
    return packet.array();
  }

  private byte[] ipv6(byte[] segment) {
    int length = segment.length;
    for (Extension e : extensions) {
      length += 2 + e.body.length;
    }
    var packet =
        ByteBuffer.allocate(40 + length)
            .putInt(0x60000000)
            .putShort((short) length)
            .put((byte) kind(0))
            .put((byte) hopLimit)
            .put(source)
            .put(destination);
    for (int i = 0; i < extensions.size(); i++) {
      byte[] body = extensions.get(i).body;
      packet.put((byte) kind(i + 1)).put((byte) ((2 + body.length) / 8 - 1)).put(body);
    }
    return packet.put(segment).array();
  }

  private int kind(int index) {
    return index < extensions.size() ? extensions.get(index).kind : transport.protocol();
  }
}
