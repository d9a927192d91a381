package io.sekisho.libbpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a Java value lies in a map's key or value. Buffers are in the machine's byte order; fields in
 * network order must say so themselves.
 */
public interface Codec<T> {
  /** Bytes of an encoded value. */
  int size();

  /** Writes exactly {@link #size} bytes at the buffer's position. */
  void write(T value, ByteBuffer to);

  /** Reads exactly {@link #size} bytes at the buffer's position. */
  T read(ByteBuffer from);

  /** A value's bytes. */
  default byte[] encode(T value) {
    byte[] bytes = new byte[size()];
    write(value, ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
    return bytes;
  }

  /** The value that these bytes say. */
  default T decode(byte[] bytes) {
    return read(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
  }

  /** Bytes as they are. */
  static Codec<byte[]> bytes(int size) {
    return new Codec<>() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public void write(byte[] value, ByteBuffer to) {
        if (value.length != size) {
          throw new IllegalArgumentException("needs " + size + " bytes, not " + value.length);
        }
        to.put(value);
      }

      @Override
      public byte[] read(ByteBuffer from) {
        byte[] value = new byte[size];
        from.get(value);
        return value;
      }
    };
  }

  /** A 32-bit number in the machine's order. */
  static Codec<Integer> u32() {
    return new Codec<>() {
      @Override
      public int size() {
        return Integer.BYTES;
      }

      @Override
      public void write(Integer value, ByteBuffer to) {
        to.putInt(value);
      }

      @Override
      public Integer read(ByteBuffer from) {
        return from.getInt();
      }
    };
  }

  /** A 64-bit number in the machine's order. */
  static Codec<Long> u64() {
    return new Codec<>() {
      @Override
      public int size() {
        return Long.BYTES;
      }

      @Override
      public void write(Long value, ByteBuffer to) {
        to.putLong(value);
      }

      @Override
      public Long read(ByteBuffer from) {
        return from.getLong();
      }
    };
  }
}
