package io.sekisho.agent.observer;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** An address as two numbers, IPv4 in its IPv6 form (::ffff:a.b.c.d): cheap to keep and compare. */
record Address(long high, long low) {
  private static final long V4_PREFIX = 0xffff;

  static Address of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return bytes.capacity() == 4
        ? new Address(0, V4_PREFIX << 32 | (bytes.getInt() & 0xffffffffL))
        : new Address(bytes.getLong(), bytes.getLong());
  }

  boolean isV4() {
    return high == 0 && low >>> 32 == V4_PREFIX;
  }

  /** As people write it (RFC 5952 for IPv6). */
  String text() {
    if (isV4()) {
      int v4 = (int) low;
      return (v4 >>> 24) + "." + (v4 >>> 16 & 0xff) + "." + (v4 >>> 8 & 0xff) + "." + (v4 & 0xff);
    }
    byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    try {
      return InetAddresses.toAddrString(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are always an address", e);
    }
  }
}
