package io.sekisho.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The attributes of a message, by type. Whatever the bytes are, reading ends in a value or an
 * error.
 */
final class Attributes {
  private static final int HEADER = 4;
  private static final int TYPE_MASK = 0x3fff;

  private final Map<Integer, ByteBuffer> values;

  private Attributes(Map<Integer, ByteBuffer> values) {
    this.values = values;
  }

  /**
   * Reads attributes from the buffer's position to its limit.
   *
   * @throws NetlinkException MALFORMED if a length is impossible
   */
  static Attributes read(ByteBuffer from) {
    var values = new HashMap<Integer, ByteBuffer>();
    int at = from.position();
    while (from.limit() - at >= HEADER) {
      int length = from.getShort(at) & 0xffff;
      int type = from.getShort(at + 2) & TYPE_MASK;
      if (length < HEADER || length > from.limit() - at) {
        throw NetlinkException.malformed("attribute %d has length %d".formatted(type, length));
      }
      values.put(type, from.slice(at + HEADER, length - HEADER).order(ByteOrder.nativeOrder()));
      at += (length + 3) & ~3;
    }
    return new Attributes(values);
  }

  /** Attributes after a fixed header of this size. */
  static Attributes after(ByteBuffer body, int header) {
    if (body.remaining() < header) {
      throw NetlinkException.malformed("a body of %d bytes".formatted(body.remaining()));
    }
    return read(
        body.slice(body.position() + header, body.remaining() - header)
            .order(ByteOrder.nativeOrder()));
  }

  OptionalInt u32(int type) {
    ByteBuffer value = values.get(type);
    return value == null || value.remaining() < Integer.BYTES
        ? OptionalInt.empty()
        : OptionalInt.of(value.getInt(0));
  }

  Optional<byte[]> bytes(int type) {
    return Optional.ofNullable(values.get(type))
        .map(
            value -> {
              byte[] bytes = new byte[value.remaining()];
              value.get(value.position(), bytes);
              return bytes;
            });
  }

  /** Text up to its first zero. */
  Optional<String> text(int type) {
    return bytes(type)
        .map(
            bytes -> {
              int end = 0;
              while (end < bytes.length && bytes[end] != 0) {
                end++;
              }
              return new String(bytes, 0, end, StandardCharsets.UTF_8);
            });
  }

  /** An address of 4 or 16 bytes. */
  Optional<InetAddress> address(int type) {
    return bytes(type)
        .map(
            bytes -> {
              try {
                return InetAddress.getByAddress(bytes);
              } catch (UnknownHostException e) {
                throw NetlinkException.malformed("an address of " + bytes.length + " bytes");
              }
            });
  }

  /** An Ethernet address; empty for links of another kind. */
  Optional<MacAddress> mac(int type) {
    return bytes(type).filter(bytes -> bytes.length == 6).map(MacAddress::of);
  }

  /** Whether there are attributes of no other than these types. */
  boolean onlyOf(Set<Integer> types) {
    return types.containsAll(values.keySet());
  }

  Optional<Attributes> nested(int type) {
    return Optional.ofNullable(values.get(type)).map(Attributes::read);
  }
}
