package io.sekisho.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Builds the body of a message: a fixed header, then attributes of the form length, type, value,
 * each padded to 4 bytes (RFC 3549 section 2.2).
 */
final class Body {
  private static final int NESTED = 0x8000;
  private static final int ATTRIBUTE_HEADER = 4;
  private static final int ROOM = 2048;

  private final ByteBuffer to = ByteBuffer.allocate(ROOM).order(ByteOrder.nativeOrder());

  Body u8(int value) {
    to.put((byte) value);
    return this;
  }

  Body u16(int value) {
    to.putShort((short) value);
    return this;
  }

  Body u32(int value) {
    to.putInt(value);
    return this;
  }

  Body attribute(int type, byte[] value) {
    to.putShort((short) (ATTRIBUTE_HEADER + value.length)).putShort((short) type).put(value);
    return pad();
  }

  Body attribute8(int type, int value) {
    return attribute(type, new byte[] {(byte) value});
  }

  Body attribute32(int type, int value) {
    to.putShort((short) (ATTRIBUTE_HEADER + Integer.BYTES)).putShort((short) type).putInt(value);
    return this;
  }

  /** A 16-bit number in network order. */
  Body attributeBig16(int type, int value) {
    return attribute(type, new byte[] {(byte) (value >> 8), (byte) value});
  }

  Body attribute(int type, String value) {
    return attribute(type, (value + "\0").getBytes(StandardCharsets.UTF_8));
  }

  Body attribute(int type, InetAddress value) {
    return attribute(type, value.getAddress());
  }

  Body nested(int type, Runnable content) {
    int start = to.position();
    to.putShort((short) 0).putShort((short) (type | NESTED));
    content.run();
    to.putShort(start, (short) (to.position() - start));
    return this;
  }

  private Body pad() {
    while (to.position() % 4 != 0) {
      to.put((byte) 0);
    }
    return this;
  }

  byte[] bytes() {
    byte[] bytes = new byte[to.position()];
    to.get(0, bytes);
    return bytes;
  }
}
