package io.sekisho.testkit.packet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A view on a frame that holds IPv4 or IPv6 without extension headers. */
public final class Frame {
  /** Bytes of an Ethernet header. */
  public static final int ETHERNET = 14;

  private final byte[] bytes;

  private Frame(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A view; the bytes are not copied. */
  public static Frame of(byte[] bytes) {
    return new Frame(bytes);
  }

  /** A copy of the bytes with one changed: how broken packets are made. */
  public static byte[] with(byte[] frame, int offset, int value) {
    byte[] changed = frame.clone();
    changed[offset] = (byte) value;
    return changed;
  }

  /** The receiver's MAC. */
  public byte[] destinationMac() {
    return Arrays.copyOfRange(bytes, 0, 6);
  }

  /** The sender's MAC. */
  public byte[] sourceMac() {
    return Arrays.copyOfRange(bytes, 6, 12);
  }

  private boolean ipv6() {
    return ByteBuffer.wrap(bytes).getShort(12) == (short) Protocol.ETHERTYPE_IPV6;
  }

  private int ipHeader() {
    return ipv6() ? 40 : (bytes[ETHERNET] & 0x0f) * 4;
  }

  /** TTL or hop limit. */
  public int hopLimit() {
    return bytes[ETHERNET + (ipv6() ? 7 : 8)] & 0xff;
  }

  private byte[] slice(int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  private static String text(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private int number(int offset) {
    return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(offset));
  }

  private byte[] addresses() {
    return ipv6() ? slice(ETHERNET + 8, 32) : slice(ETHERNET + 12, 8);
  }

  /** Source address in text form. */
  public String source() {
    return text(Arrays.copyOf(addresses(), ipv6() ? 16 : 4));
  }

  /** Destination address in text form. */
  public String destination() {
    byte[] both = addresses();
    return text(Arrays.copyOfRange(both, both.length / 2, both.length));
  }

  /** Number of the protocol of layer 4. */
  public int protocol() {
    return bytes[ETHERNET + (ipv6() ? 6 : 9)] & 0xff;
  }

  /** Where layer 4 begins. */
  public int transport() {
    return ETHERNET + ipHeader();
  }

  /** Source port of TCP, UDP and SCTP. */
  public int sourcePort() {
    return number(transport());
  }

  /** Destination port of TCP, UDP and SCTP. */
  public int destinationPort() {
    return number(transport() + 2);
  }

  /** Id of an ICMP echo. */
  public int echoId() {
    return number(transport() + 4);
  }

  /** The IP packet that an ICMP error quotes, as a frame. */
  public Frame quoted() {
    byte[] quote = Arrays.copyOfRange(bytes, transport() + 8, bytes.length);
    int type = quote[0] >> 4 == 6 ? Protocol.ETHERTYPE_IPV6 : Protocol.ETHERTYPE_IPV4;
    return of(PacketBuilder.ethernet(new byte[6], new byte[6], type, quote));
  }

  /** The bytes themselves. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whether the checksum of TCP, UDP, ICMP or ICMPv6 sums up; a UDP one of zero says nothing. */
  public boolean transportChecksumRight() {
    int protocol = protocol();
    int segment = bytes.length - transport();
    if (protocol == Protocol.UDP && number(transport() + 6) == 0) {
      return true;
    }
    int start = 0;
    if (protocol != Protocol.ICMP) {
      byte[] both = addresses();
      start = Checksum.sum(both, 0, both.length, protocol + segment);
    }
    return Checksum.sum(bytes, transport(), bytes.length, start) == 0xffff;
  }

  /** Whether the IPv4 header sums up; IPv6 has nothing to sum up. */
  public boolean headerChecksumRight() {
    return ipv6() || Checksum.sum(bytes, ETHERNET, ETHERNET + ipHeader(), 0) == 0xffff;
  }

  /** Bytes of layer 3, headers and all: what counters count. */
  public int length() {
    return bytes.length - ETHERNET;
  }

  /** What an ICMP error quotes of the packet: its IP header and the next 8 bytes. */
  public byte[] quotation() {
    return quotation(8);
  }

  /** The IP header and so many bytes of what follows. */
  public byte[] quotation(int more) {
    return slice(ETHERNET, ipHeader() + more);
  }
}
