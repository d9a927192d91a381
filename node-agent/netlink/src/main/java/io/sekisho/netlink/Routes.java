package io.sekisho.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Routes (RTM_*ROUTE, linux/rtnetlink.h). */
public final class Routes {
  private static final int NEW = 24;
  private static final int DELETE = 25;
  private static final int GET = 26;
  private static final int HEADER = 12;
  private static final int RTA_DESTINATION = 1;
  private static final int RTA_FROM = 2;
  private static final int RTA_IN_INDEX = 3;
  private static final int RTA_OUT_INDEX = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RTA_METRIC = 6;
  private static final int RTA_SOURCE = 7;
  private static final int RTA_METRICS = 8;
  private static final int RTA_MULTIPATH = 9;
  private static final int RTA_TABLE = 15;
  private static final int RTAX_LOCK = 1;
  private static final int RTAX_MTU = 2;
  private static final int WHOLE_ADDRESS = 8;

  /** struct rtnexthop: length, flags, weight, and at 4 the interface. */
  private static final int NEXT_HOP = 8;

  private static final int SCOPE_UNIVERSE = 0;
  private static final int SCOPE_LINK = 253;
  private static final int ON_LINK = 4;
  private static final int AF_INET = 2;

  private Routes() {}

  /** Adds a route, or changes the one that is there. */
  public static Request add(Route route) {
    int flags = Netlink.Flags.CREATE | Netlink.Flags.REPLACE;
    return new Request("add route " + describe(route), NEW, flags, body(route).bytes());
  }

  /**
   * Adds a route; fails with EXISTS if there is one of the same destination and metric, whoever
   * made it.
   */
  public static Request addNew(Route route) {
    int flags = Netlink.Flags.CREATE | Netlink.Flags.EXCLUSIVE;
    return new Request("add route " + describe(route), NEW, flags, body(route).bytes());
  }

  /** Deletes a route. */
  public static Request delete(Route route) {
    return new Request("delete route " + describe(route), DELETE, 0, body(route).bytes());
  }

  /** The routes of both families and all tables, of the types that {@link Route.Type} names. */
  public static Query<Route> all() {
    var body = new Body();
    for (int i = 0; i < HEADER; i++) {
      body.u8(0);
    }
    return new Query<>(
        new Request("list routes", GET, Netlink.Flags.DUMP, body.bytes()), NEW, Routes::parse);
  }

  /**
   * The way that a packet to an address takes now; its MTU is what the kernel has been told of the
   * way, or what its route says; 0: nothing. Asking fails with SYSTEM if there is none.
   */
  public static Query<Route> to(InetAddress address) {
    var body = new Body();
    body.u8(Addresses.family(address)).u8(address.getAddress().length * WHOLE_ADDRESS);
    for (int i = 2; i < HEADER; i++) {
      body.u8(0);
    }
    body.attribute(RTA_DESTINATION, address);
    return new Query<>(
        new Request("get route to " + address.getHostAddress(), GET, 0, body.bytes()),
        NEW,
        Routes::parse);
  }

  /**
   * The way on of a packet that comes in by an interface, from an address and to one, as rules and
   * routes say. Asking fails with SYSTEM if there is none.
   */
  public static Query<Route> forwarded(int index, InetAddress from, InetAddress to) {
    int bits = to.getAddress().length * WHOLE_ADDRESS;
    var body = new Body();
    body.u8(Addresses.family(to)).u8(bits).u8(bits);
    for (int i = 3; i < HEADER; i++) {
      body.u8(0);
    }
    body.attribute(RTA_DESTINATION, to).attribute(RTA_FROM, from).attribute32(RTA_IN_INDEX, index);
    return new Query<>(
        new Request("get route on to " + to.getHostAddress(), GET, 0, body.bytes()),
        NEW,
        Routes::parse);
  }

  /** The default routes of the main table, of both families, that lead out by interfaces. */
  public static Query<DefaultRoute> defaults() {
    return new Query<>(all().request(), NEW, Routes::parseDefault);
  }

  /** Whether the message is about a default route of the main table. */
  static boolean isDefault(ByteBuffer body) {
    return body.remaining() >= HEADER && body.get(1) == 0 && (body.get(4) & 0xff) == Route.MAIN;
  }

  static Optional<DefaultRoute> parseDefault(ByteBuffer body) {
    if (!isDefault(body) || body.get(7) != Route.Type.UNICAST.number()) {
      return Optional.empty();
    }
    Attributes attributes = Attributes.after(body, HEADER);
    var devices = new ArrayList<Integer>();
    attributes.u32(RTA_OUT_INDEX).ifPresent(devices::add);
    attributes.bytes(RTA_MULTIPATH).ifPresent(hops -> devices.addAll(nextHops(hops)));
    int metric = attributes.u32(RTA_METRIC).orElse(0);
    return Optional.of(new DefaultRoute(body.get(0) == AF_INET, metric, devices));
  }

  private static List<Integer> nextHops(byte[] bytes) {
    var devices = new ArrayList<Integer>();
    var hops = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    for (int at = 0; bytes.length - at >= NEXT_HOP; ) {
      int length = hops.getShort(at) & 0xffff;
      if (length < NEXT_HOP || length > bytes.length - at) {
        throw NetlinkException.malformed("a next hop of %d bytes".formatted(length));
      }
      devices.add(hops.getInt(at + 4));
      at += (length + 3) & ~3;
    }
    return devices;
  }

  private static Body body(Route route) {
    boolean direct = route.gateway().isEmpty() && route.type() == Route.Type.UNICAST;
    int family = Addresses.family(route.destination());
    var body = new Body();
    body.u8(family)
        .u8(route.prefixLength())
        .u8(0)
        .u8(0)
        .u8(route.table() < 256 ? route.table() : 0)
        .u8(route.protocol())
        .u8(direct && family == AF_INET ? SCOPE_LINK : SCOPE_UNIVERSE)
        .u8(route.type().number())
        .u32(route.onLink() ? ON_LINK : 0);
    if (route.prefixLength() > 0) {
      body.attribute(RTA_DESTINATION, route.destination());
    }
    route.gateway().ifPresent(gateway -> body.attribute(RTA_GATEWAY, gateway));
    route.source().ifPresent(source -> body.attribute(RTA_SOURCE, source));
    if (route.index() > 0) {
      body.attribute32(RTA_OUT_INDEX, route.index());
    }
    if (route.metric() != 0) {
      body.attribute32(RTA_METRIC, route.metric());
    }
    if (route.mtu() > 0) {
      body.nested(
          RTA_METRICS,
          () -> {
            if (route.mtuLocked()) {
              body.attribute32(RTAX_LOCK, 1 << RTAX_MTU);
            }
            body.attribute32(RTAX_MTU, route.mtu());
          });
    }
    return body.attribute32(RTA_TABLE, route.table());
  }

  private static String describe(Route route) {
    return "%s%s/%d%s dev %d"
        .formatted(
            route.type() == Route.Type.UNICAST ? "" : route.type() + " ",
            route.destination().getHostAddress(),
            route.prefixLength(),
            route.gateway().map(g -> " via " + g.getHostAddress()).orElse(""),
            route.index());
  }

  /** The all-zero address of the same family. */
  static InetAddress any(InetAddress like) {
    return address(new byte[like.getAddress().length]);
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are always an address", e);
    }
  }

  static Optional<Route> parse(ByteBuffer body) {
    Attributes attributes = Attributes.after(body, HEADER);
    InetAddress none = address(new byte[body.get(0) == AF_INET ? 4 : 16]);
    Optional<Attributes> metrics = attributes.nested(RTA_METRICS);
    int locks = metrics.map(m -> m.u32(RTAX_LOCK).orElse(0)).orElse(0);
    return Route.Type.of(body.get(7) & 0xff)
        .map(
            type ->
                new Route(
                    attributes.address(RTA_DESTINATION).orElse(none),
                    body.get(1) & 0xff,
                    attributes.address(RTA_GATEWAY),
                    attributes.u32(RTA_OUT_INDEX).orElse(0),
                    (body.getInt(8) & ON_LINK) != 0,
                    attributes.address(RTA_SOURCE),
                    attributes.u32(RTA_TABLE).orElse(body.get(4) & 0xff),
                    type,
                    body.get(5) & 0xff,
                    attributes.u32(RTA_METRIC).orElse(0),
                    metrics.map(m -> m.u32(RTAX_MTU).orElse(0)).orElse(0),
                    (locks & 1 << RTAX_MTU) != 0));
  }
}
