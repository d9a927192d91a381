package io.sekisho.agent.ipam;

import io.sekisho.policy.Cidr;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses of one range. The first two and the last are reserved (network, gateway,
 * broadcast). Gives the next address after the one given last; those that were released last rest,
 * as long as others are free. Of ranges larger than 2^31 addresses only the first 2^31 are given.
 * Not thread-safe.
 */
final class AddressPool {
  private static final int RESERVED_AT_START = 2;
  private static final int MAX_HOST_BITS = 31;

  /** How many released addresses rest at most. */
  private static final int MAX_RESTING = 1024;

  private final Cidr range;
  private final BigInteger base;
  private final long end;
  private final Set<Long> used = new HashSet<>();

  /** Released last, the first of them longest ago. */
  private final LinkedHashSet<Long> resting = new LinkedHashSet<>();

  private long next = RESERVED_AT_START;

  AddressPool(Cidr range) {
    this.range = range;
    this.base = new BigInteger(1, range.bytes());
    int hostBits = Math.min(MAX_HOST_BITS, 128 - range.length128());
    this.end = (1L << hostBits) - 1;
  }

  Cidr range() {
    return range;
  }

  /** How many addresses can be given in all. */
  long size() {
    return Math.max(0, end - RESERVED_AT_START);
  }

  /** A free address, now taken; empty if there is none. */
  Optional<InetAddress> allocate() {
    if (used.size() >= size()) {
      return Optional.empty();
    }
    if (used.size() + resting.size() >= size()) {
      long longest = resting.removeFirst();
      used.add(longest);
      return Optional.of(at(longest));
    }
    while (resting.contains(next) || !used.add(next)) {
      next = after(next);
    }
    long offset = next;
    next = after(next);
    return Optional.of(at(offset));
  }

  /** Takes a certain address; whether it was free and can be given at all. */
  boolean reserve(InetAddress address) {
    long offset = offset(address);
    boolean taken = offset >= RESERVED_AT_START && offset < end && used.add(offset);
    resting.remove(offset);
    return taken;
  }

  /** Gives an address back; whether it was taken. */
  boolean release(InetAddress address) {
    long offset = offset(address);
    boolean was = used.remove(offset);
    if (was) {
      resting.add(offset);
      if (resting.size() > MAX_RESTING) {
        resting.removeFirst();
      }
    }
    return was;
  }

  boolean contains(InetAddress address) {
    return range.contains(Cidr.of(address));
  }

  private long after(long offset) {
    return offset + 1 < end ? offset + 1 : RESERVED_AT_START;
  }

  private long offset(InetAddress address) {
    BigInteger distance = new BigInteger(1, Cidr.of(address).bytes()).subtract(base);
    return distance.signum() < 0 || distance.bitLength() > MAX_HOST_BITS
        ? -1
        : distance.longValue();
  }

  private InetAddress at(long offset) {
    byte[] sum = base.add(BigInteger.valueOf(offset)).toByteArray();
    byte[] all = new byte[16];
    int length = Math.min(16, sum.length);
    System.arraycopy(sum, sum.length - length, all, 16 - length, length);
    try {
      return InetAddress.getByAddress(range.isV4() ? Arrays.copyOfRange(all, 12, 16) : all);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are always an address", e);
    }
  }
}
