package io.sekisho.netlink;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** An Ethernet address. */
public final class MacAddress {
  private static final int LENGTH = 6;
  private static final int LOCAL = 0x02;
  private static final int GROUP = 0x01;
  private static final HexFormat HEX = HexFormat.ofDelimiter(":");

  private final byte[] bytes;

  private MacAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * From its six bytes.
   *
   * @throws IllegalArgumentException if there are not six
   */
  public static MacAddress of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a MAC address has 6 bytes, not " + bytes.length);
    }
    return new MacAddress(bytes.clone());
  }

  /**
   * From text such as {@code 02:00:5e:10:00:00}.
   *
   * @throws IllegalArgumentException if it is not six bytes in hexadecimal
   */
  public static MacAddress parse(String text) {
    return of(HEX.parseHex(text));
  }

  /** A random address of the locally administered, individual kind (IEEE 802). */
  public static MacAddress random(RandomGenerator random) {
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    bytes[0] = (byte) ((bytes[0] | LOCAL) & ~GROUP);
    return new MacAddress(bytes);
  }

  /** The six bytes; a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MacAddress mac && Arrays.equals(bytes, mac.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HEX.formatHex(bytes);
  }
}
