package io.sekisho.netlink;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An ICMP or ICMPv6 echo (RFC 792, RFC 4443) that carries a number which only its sender knows.
 *
 * @param id 0 to 65535
 * @param sequence 0 to 65535
 * @param nonce in the payload
 */
public record EchoMessage(int id, int sequence, long nonce) {
  private static final int HEADER = 8;
  private static final int LENGTH = HEADER + Long.BYTES;
  private static final int CHECKSUM = 2;
  private static final int IPV4_HEADER = 20;
  private static final int IPV4_PROTOCOL = 9;
  private static final int ICMP = 1;

  /** Echo reply of ICMP. */
  static final int REPLY_V4 = 0;

  /** Echo reply of ICMPv6. */
  static final int REPLY_V6 = 129;

  private static final int REQUEST_V4 = 8;
  private static final int REQUEST_V6 = 128;

  /** The request; the checksum of ICMPv6 is left to the kernel, which knows the addresses. */
  byte[] request(boolean ipv4) {
    return request(ipv4, LENGTH);
  }

  /**
   * The same with zeros behind it.
   *
   * @param length of the whole message, bytes; shorter ones than ours do not exist
   */
  byte[] request(boolean ipv4, int length) {
    var to = ByteBuffer.allocate(Math.max(length, LENGTH));
    to.put((byte) (ipv4 ? REQUEST_V4 : REQUEST_V6)).put((byte) 0).putShort((short) 0);
    to.putShort((short) id).putShort((short) sequence).putLong(nonce);
    if (ipv4) {
      to.putShort(CHECKSUM, checksum(to.array(), 0, to.capacity()));
    }
    return to.array();
  }

  /** Internet checksum (RFC 1071). */
  static short checksum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i += 2) {
      int low = i + 1 < to ? bytes[i + 1] & 0xff : 0;
      sum += (bytes[i] & 0xff) << 8 | low;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~(sum + (sum >>> 16));
  }

  /**
   * The reply in a packet as a raw socket gives it: with the IPv4 header, without the IPv6 one.
   * Empty if it is anything else, torn or longer than ours.
   */
  static Optional<EchoMessage> reply(byte[] packet, int length, boolean ipv4) {
    int start = ipv4 ? ipv4Header(packet, length) : 0;
    if (start < 0 || length - start != LENGTH) {
      return Optional.empty();
    }
    var from = ByteBuffer.wrap(packet);
    boolean reply = (from.get(start) & 0xff) == (ipv4 ? REPLY_V4 : REPLY_V6);
    // The kernel has checked ICMPv6's checksum, which covers addresses that are not in here.
    boolean whole = !ipv4 || checksum(packet, start, length) == 0;
    return reply && whole && from.get(start + 1) == 0
        ? Optional.of(
            new EchoMessage(
                from.getShort(start + 4) & 0xffff,
                from.getShort(start + 6) & 0xffff,
                from.getLong(start + HEADER)))
        : Optional.empty();
  }

  private static int ipv4Header(byte[] packet, int length) {
    if (length < IPV4_HEADER || packet[0] >> 4 != 4 || packet[IPV4_PROTOCOL] != ICMP) {
      return -1;
    }
    int header = (packet[0] & 0x0f) * 4;
    return header >= IPV4_HEADER && header <= length ? header : -1;
  }
}
