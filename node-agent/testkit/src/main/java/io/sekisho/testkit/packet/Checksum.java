package io.sekisho.testkit.packet;

/** The Internet checksum (RFC 1071). */
final class Checksum {
  private Checksum() {}

  /** One's complement sum of 16-bit words; a last odd byte counts as a word's high half. */
  static int sum(byte[] bytes, int from, int to, int start) {
    long sum = start;
    for (int i = from; i < to; i += 2) {
      int low = i + 1 < to ? bytes[i + 1] & 0xff : 0;
      sum += (bytes[i] & 0xff) << 8 | low;
    }
    while (sum >> 16 != 0) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return (int) sum;
  }

  /** The value for a header's checksum field, which must be zero in the bytes. */
  static int of(byte[] bytes, int from, int to, int start) {
    return ~sum(bytes, from, to, start) & 0xffff;
  }
}
