package io.sekisho.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An address prefix of either family, always held as 128 bits (IPv4 as ::ffff:a.b.c.d, RFC 4291
 * section 2.5.5.2), so that maps and comparisons have one code path.
 */
public final class Cidr implements Comparable<Cidr> {
  private static final byte[] V4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private final byte[] address;
  private final int prefixLength;

  private Cidr(byte[] address, int prefixLength) {
    this.address = masked(address, prefixLength);
    this.prefixLength = prefixLength;
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code fd00::/16}, or a single address.
   *
   * @throws IllegalArgumentException if the text is no prefix; names are never resolved
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    byte[] bytes;
    if (!host.matches("[0-9]{1,3}([.][0-9]{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*")) {
      throw new IllegalArgumentException("'" + text + "' is not an address prefix");
    }
    try {
      bytes = InetAddress.ofLiteral(host).getAddress();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not an address prefix", e);
    }
    int width = bytes.length * 8;
    int length = slash < 0 ? width : parseLength(text, slash, width);
    return bytes.length == 4 ? new Cidr(mapped(bytes), 96 + length) : new Cidr(bytes, length);
  }

  private static int parseLength(String text, int slash, int width) {
    String digits = text.substring(slash + 1);
    if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > width) {
      throw new IllegalArgumentException(
          "'" + text + "' has no prefix length from 0 to " + width + " after '/'");
    }
    return Integer.parseInt(digits);
  }

  /** The prefix that holds just this address. */
  public static Cidr of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return new Cidr(bytes.length == 4 ? mapped(bytes) : bytes, 128);
  }

  /** The prefix of {@code length} bits (of 128) of a 16-byte address. */
  public static Cidr of(byte[] address128, int length) {
    if (address128.length != 16 || length < 0 || length > 128) {
      throw new IllegalArgumentException("an address has 16 bytes and a prefix 0 to 128 bits");
    }
    return new Cidr(address128.clone(), length);
  }

  /** The 16 bytes of the prefix, host bits zero; a copy. */
  public byte[] bytes() {
    return address.clone();
  }

  /** Length of the prefix in the 128-bit form: 96 more than written for IPv4. */
  public int length128() {
    return prefixLength;
  }

  /** Whether this is an IPv4 prefix. */
  public boolean isV4() {
    return prefixLength >= 96 && Arrays.equals(address, 0, 12, V4_MAPPED, 0, 12);
  }

  /** Whether every address of the other prefix is in this one. */
  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength
        && Arrays.equals(masked(other.address, prefixLength), address);
  }

  /**
   * Whether every address of this prefix is one of the other, of the same family: {@code ::/0} does
   * not mean the IPv4 addresses that it could hold.
   */
  public boolean inside(Cidr outer) {
    return outer.isV4() == isV4() && outer.contains(this);
  }

  /** This prefix and all that hold it, the longest first; the last one holds every address. */
  public Stream<Cidr> outward() {
    return IntStream.iterate(prefixLength, length -> length >= 0, length -> length - 1)
        .mapToObj(length -> new Cidr(address, length));
  }

  private static byte[] mapped(byte[] v4) {
    byte[] all = Arrays.copyOf(V4_MAPPED, 16);
    System.arraycopy(v4, 0, all, 12, 4);
    return all;
  }

  private static byte[] masked(byte[] address, int length) {
    byte[] out = address.clone();
    for (int i = 0; i < 16; i++) {
      int bits = Math.clamp(length - i * 8L, 0, 8);
      out[i] &= (byte) (0xff << (8 - bits));
    }
    return out;
  }

  @Override
  public int compareTo(Cidr other) {
    int byAddress = Arrays.compareUnsigned(address, other.address);
    return byAddress != 0 ? byAddress : Integer.compare(prefixLength, other.prefixLength);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cidr cidr
        && prefixLength == cidr.prefixLength
        && Arrays.equals(address, cidr.address);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(address) + prefixLength;
  }

  /** The prefix as people write it; the length of a single address is left out. */
  @Override
  public String toString() {
    try {
      String host =
          isV4()
              ? InetAddress.getByAddress(Arrays.copyOfRange(address, 12, 16)).getHostAddress()
              : compressed(InetAddress.getByAddress(address).getHostAddress());
      return prefixLength == 128 ? host : host + "/" + (isV4() ? prefixLength - 96 : prefixLength);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are always an address", e);
    }
  }

  /** Eight groups with the longest run of zeros, two or more, as :: (RFC 5952, section 4.2). */
  private static String compressed(String groups) {
    String[] all = groups.split(":");
    int best = 0;
    int bestLength = 1;
    for (int start = 0; start < all.length; start++) {
      int end = start;
      while (end < all.length && all[end].equals("0")) {
        end++;
      }
      if (end - start > bestLength) {
        best = start;
        bestLength = end - start;
      }
    }
    if (bestLength < 2) {
      return groups;
    }
    List<String> list = List.of(all);
    return String.join(":", list.subList(0, best))
        + "::"
        + String.join(":", list.subList(best + bestLength, all.length));
  }
}
