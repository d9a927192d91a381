package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.Codec;
import io.sekisho.netlink.IpsecPolicies;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.Rules;

/**
 * Tells the programs whether the kernel's routes look at ports: a rule may, and so may the choice
 * between several ways to the same place, and policies of IPsec. As long as they do not, what the
 * routes said of one connection holds for all between the same two addresses. {@code route_ports}
 * of bpf/maps.
 */
final class RoutePorts {
  private static final System.Logger LOG = System.getLogger(RoutePorts.class.getName());
  private static final int KEY = 0;

  /** ROUTE_PORTS_COUNT. */
  static final int COUNT = 0;

  /** ROUTE_PORTS_IGNORED. */
  static final int IGNORED = 1;

  /** 0 of these chooses by addresses and protocol. */
  private static final String CHOICE_IPV4 = "ipv4/fib_multipath_hash_policy";

  private static final String CHOICE_IPV6 = "ipv6/fib_multipath_hash_policy";

  private final BpfMap<Integer, Integer> map;

  private RoutePorts(BpfMap<Integer, Integer> map) {
    this.map = map;
  }

  /** Of the node whose programs these are. */
  static RoutePorts of(Loader.Loaded loaded) {
    return new RoutePorts(loaded.map("route_ports").as(Codec.u32(), Codec.u32()));
  }

  /**
   * Looks at rules and settings of the calling thread's namespace and tells the programs. What
   * cannot be found out is taken for one that looks at ports.
   */
  void look(Netlink netlink) {
    int now = count(netlink) ? COUNT : IGNORED;
    try {
      if (map.get(KEY).orElse(COUNT) != now) {
        map.put(KEY, now);
      }
    } catch (BpfException e) {
      LOG.log(System.Logger.Level.WARNING, "whether routes look at ports was not told", e);
    }
  }

  private static boolean count(Netlink netlink) {
    try {
      return Sysctl.get(CHOICE_IPV4).orElse(0) != 0
          || Sysctl.get(CHOICE_IPV6).orElse(0) != 0
          || IpsecPolicies.present()
          || netlink.list(Rules.lookAtPorts(Rules.Family.IPV4)).contains(true)
          || netlink.list(Rules.lookAtPorts(Rules.Family.IPV6)).contains(true);
    } catch (NetlinkException | DatapathException e) {
      LOG.log(System.Logger.Level.WARNING, "routing rules cannot be read", e);
      return true;
    }
  }
}
