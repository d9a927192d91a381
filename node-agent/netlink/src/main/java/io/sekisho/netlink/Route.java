package io.sekisho.netlink;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * A route.
 *
 * @param destination network, all zero for the default route
 * @param prefixLength bits of it
 * @param gateway next hop; empty if the destination is on the link
 * @param index interface to go out by, 0 to let the kernel find it
 * @param onLink whether the gateway is on the link though no address says so
 * @param source address to use for own packets
 * @param table routing table, {@link #MAIN} usually
 * @param type what becomes of packets
 * @param protocol number of who made it ({@code rtm_protocol}), {@link #STATIC} for administrators
 * @param metric between routes of the same destination the lowest counts; 0 for the kernel's choice
 * @param mtu largest packet of own connections, bytes; 0 for the interface's
 * @param mtuLocked whether the MTU counts for what is forwarded, too, and nothing is learnt of it
 */
public record Route(
    InetAddress destination,
    int prefixLength,
    Optional<InetAddress> gateway,
    int index,
    boolean onLink,
    Optional<InetAddress> source,
    int table,
    Type type,
    int protocol,
    int metric,
    int mtu,
    boolean mtuLocked) {
  /** The table that everything uses. */
  public static final int MAIN = 254;

  /** RTPROT_STATIC: an administrator, or a program that says nothing else. */
  public static final int STATIC = 4;

  /** What becomes of packets; numbers of RTN_… */
  public enum Type {
    /** They go to their destination. */
    UNICAST(1),
    /** They are dropped. */
    BLACKHOLE(6),
    /** The sender is told that there is nothing. */
    UNREACHABLE(7),
    /** The sender is told that it may not. */
    PROHIBIT(8);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Optional<Type> of(int number) {
      return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }
  }

  /** A unicast route of an administrator, with usual metric and MTU. */
  public Route(
      InetAddress destination,
      int prefixLength,
      Optional<InetAddress> gateway,
      int index,
      boolean onLink,
      Optional<InetAddress> source,
      int table) {
    this(
        destination,
        prefixLength,
        gateway,
        index,
        onLink,
        source,
        table,
        Type.UNICAST,
        STATIC,
        0,
        0,
        false);
  }

  /** A destination that is on the link of an interface. */
  public static Route direct(InetAddress destination, int prefixLength, int index) {
    return new Route(
        destination, prefixLength, Optional.empty(), index, false, Optional.empty(), MAIN);
  }

  /** A destination behind a gateway that the kernel can reach already. */
  public static Route via(InetAddress destination, int prefixLength, InetAddress gateway) {
    return new Route(
        destination, prefixLength, Optional.of(gateway), 0, false, Optional.empty(), MAIN);
  }

  /** The default route through a gateway on the link of an interface, whatever its addresses. */
  public static Route defaultOnLink(InetAddress gateway, int index) {
    return new Route(
        Routes.any(gateway), 0, Optional.of(gateway), index, true, Optional.empty(), MAIN);
  }

  /** A destination that does not exist: packets come back as unreachable. */
  public static Route unreachable(InetAddress destination, int prefixLength) {
    return new Route(
        destination,
        prefixLength,
        Optional.empty(),
        0,
        false,
        Optional.empty(),
        MAIN,
        Type.UNREACHABLE,
        STATIC,
        0,
        0,
        false);
  }

  /** The same, made by somebody, with a metric. */
  public Route by(int newProtocol, int newMetric) {
    return with(index, source, newProtocol, newMetric, mtu, mtuLocked);
  }

  /** The same, out by an interface, from an address, with an MTU (0: the interface's). */
  public Route by(int newIndex, Optional<InetAddress> newSource, int newMtu) {
    return with(newIndex, newSource, protocol, metric, newMtu, false);
  }

  /** The same with an MTU that counts for what is forwarded, too. */
  public Route locked(int newMtu) {
    return with(index, source, protocol, metric, newMtu, true);
  }

  private Route with(
      int newIndex,
      Optional<InetAddress> newSource,
      int newProtocol,
      int newMetric,
      int newMtu,
      boolean newLock) {
    return new Route(
        destination,
        prefixLength,
        gateway,
        newIndex,
        onLink,
        newSource,
        table,
        type,
        newProtocol,
        newMetric,
        newMtu,
        newLock);
  }
}
