package io.sekisho.testkit.packet;

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
    return Arrays.copyOfRange(bytes, ETHERNET, ETHERNET + ipHeader() + 8);
  }
}
