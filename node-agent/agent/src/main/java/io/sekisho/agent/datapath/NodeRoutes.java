package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.agent.datapath.DesiredState.RemoteNode;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.Request;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import io.sekisho.policy.Cidr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The node's routes to the pods of other nodes, and the unreachable ones for its own pods that are
 * not there. Ours carry {@link #PROTOCOL}, so that a later agent finds them and a routing daemon
 * beside us leaves them alone; routes of others are never replaced nor deleted, and where there is
 * one for the same prefix, others bring it and ours is not made.
 */
final class NodeRoutes {
  /**
   * Our {@code rtm_protocol}: free in {@code linux/rtnetlink.h} and in iproute2's rt_protos, which
   * end at 18 and use 42, 84, 99 and 186 to 192.
   */
  static final int PROTOCOL = 83;

  private static final System.Logger LOG = System.getLogger(NodeRoutes.class.getName());

  private final Netlink netlink;
  private final PathMtus paths;
  private NodeWays ways;

  /** What was realized last without error; empty if the kernel may say something else. */
  private Optional<Map<String, RemoteNode>> last = Optional.empty();

  /** What was asked for last, and what was wrong with it. */
  private Optional<Map<String, RemoteNode>> asked = Optional.empty();

  private List<RealizeError> known = List.of();

  NodeRoutes(Netlink netlink, NodeWays ways) {
    this.netlink = netlink;
    this.ways = ways;
    paths = new PathMtus(new KernelPaths(netlink));
  }

  /** Other ways lead to the nodes, and the kernel may have changed routes by itself. */
  void lead(NodeWays next) {
    ways = next;
    last = Optional.empty();
  }

  /** Pods may send packets of another length from now on, bytes. */
  void mtu(int podMtu) {
    lead(ways.with(podMtu));
  }

  /** Makes the routes to these nodes, and no others; one error for each node without a way. */
  void apply(Map<String, RemoteNode> nodes, List<RealizeError> errors) {
    if (last.equals(Optional.of(nodes))) {
      return;
    }
    asked = Optional.of(nodes);
    paths.meet(ways.ipv6Ends(nodes.values()));
    var own = new ArrayList<RealizeError>();
    List<Cidr> changed = realize(nodes, own);
    LOG.log(System.Logger.Level.DEBUG, "routes changed: {0}", changed);
    known = List.copyOf(own);
    errors.addAll(own);
    last = own.isEmpty() ? Optional.of(nodes) : Optional.empty();
  }

  /**
   * Follows ways that carry less than they did, or more.
   *
   * @param linkMtu of the underlay's device, bytes
   */
  void followWays(int linkMtu) {
    if (asked.isPresent() && paths.look(linkMtu)) {
      followed(asked.get());
    }
  }

  /** Follows ways of which the kernel was told that they carry less than they did. */
  void hearOfWays() {
    if (asked.isPresent() && paths.hear()) {
      followed(asked.get());
    }
  }

  private void followed(Map<String, RemoteNode> nodes) {
    LOG.log(
        System.Logger.Level.INFO,
        "what narrow ways carry, bytes, by the nodes at their ends: {0}",
        paths.mtus());
    var errors = new ArrayList<RealizeError>();
    List<Cidr> changed = realize(nodes, errors);
    LOG.log(System.Logger.Level.DEBUG, "routes changed: {0}", changed);
    last = errors.isEmpty() ? last : Optional.empty();
  }

  /** Ways that carry too little for pods' IPv6 packets, which cannot be mended here. */
  List<Repair> tooNarrow() {
    return asked.map(nodes -> TooNarrow.of(ways.with(paths.mtus()), nodes)).orElse(List.of());
  }

  /** Reads the routes and puts back those that others took away or changed; what was found. */
  List<Repair> repair() {
    if (asked.isEmpty()) {
      return List.of();
    }
    var errors = new ArrayList<RealizeError>();
    var out = new ArrayList<Repair>();
    for (Cidr prefix : realize(asked.get(), errors)) {
      out.add(Repair.done("route " + prefix, "was gone or another one"));
    }
    for (RealizeError error : errors) {
      if (!known.contains(error)) {
        out.add(
            new Repair(
                "routes of " + error.object(),
                "are not as they should be",
                Optional.of(error.message())));
      }
    }
    return out;
  }

  /** Prefixes of routes that were missing, or others. */
  private List<Cidr> realize(Map<String, RemoteNode> nodes, List<RealizeError> errors) {
    List<Route> present = mainTable();
    var foreign = present.stream().filter(r -> r.protocol() != PROTOCOL).toList();
    var ours = present.stream().filter(r -> r.protocol() == PROTOCOL).toList();
    Set<Cidr> taken = foreign.stream().map(NodeRoutes::prefix).collect(Collectors.toSet());
    Map<Cidr, Planned> wanted =
        ways.with(paths.mtus()).toNodes(new TreeMap<>(nodes), foreign, errors);
    wanted.keySet().removeAll(taken);
    ways.ownRanges().forEach(route -> wanted.put(prefix(route), new Planned("routes", route)));
    return write(wanted, ours, errors);
  }

  /**
   * A route that shall be there.
   *
   * @param object for whom, as errors name it
   */
  record Planned(String object, Route route) {}

  private List<Route> mainTable() {
    return netlink.list(Routes.all()).stream().filter(r -> r.table() == Route.MAIN).toList();
  }

  static Cidr prefix(Route route) {
    Cidr whole = Cidr.of(route.destination());
    return Cidr.of(whole.bytes(), route.prefixLength() + (whole.isV4() ? 96 : 0));
  }

  /** New ones come before old ones go: the longest prefix decides, so both may stand together. */
  private List<Cidr> write(Map<Cidr, Planned> wanted, List<Route> ours, List<RealizeError> errors) {
    var changed = new ArrayList<Cidr>();
    var present = new HashMap<Cidr, Route>();
    var gone = new ArrayList<Route>();
    for (Route route : ours) {
      Planned planned = wanted.get(prefix(route));
      if (planned != null && planned.route().metric() == route.metric()) {
        present.put(prefix(route), route);
      } else {
        gone.add(route);
      }
    }
    wanted.forEach(
        (prefix, planned) -> {
          Route route = present.get(prefix);
          if (route == null) {
            if (run(Routes.addNew(planned.route()), planned.object(), errors)) {
              changed.add(prefix);
            }
          } else if (!same(route, planned.route())
              && run(Routes.add(planned.route()), planned.object(), errors)) {
            changed.add(prefix);
          }
        });
    for (Route route : gone) {
      boolean deleted = run(Routes.delete(route), "routes", errors);
      LOG.log(System.Logger.Level.DEBUG, "{0} deleted: {1}", prefix(route), deleted);
    }
    return changed;
  }

  /** IPv6 shows unreachable routes on the loopback interface. */
  private static boolean same(Route present, Route wanted) {
    return present.type() == wanted.type()
        && (present.equals(wanted) || wanted.type() == Route.Type.UNREACHABLE);
  }

  /** Whether it was done. */
  private boolean run(Request request, String object, List<RealizeError> errors) {
    try {
      netlink.run(request);
      return true;
    } catch (NetlinkException e) {
      boolean foreign = e.code() == NetlinkException.Code.EXISTS;
      boolean gone = e.code() == NetlinkException.Code.NOT_FOUND && object.equals("routes");
      if (!foreign && !gone) {
        errors.add(Failures.unrealized(object, e));
      }
      return false;
    }
  }

  /** Takes all routes of ours away. */
  static void deleteAll(Netlink netlink) {
    for (Route route : netlink.list(Routes.all())) {
      if (route.protocol() == PROTOCOL) {
        netlink.runUnless(NetlinkException.Code.NOT_FOUND, Routes.delete(route));
      }
    }
  }
}
