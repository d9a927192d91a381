package io.sekisho.agent.datapath;

import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.Route;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says in the log when pods' packets to the outside leave by another device than the underlay's,
 * where they keep their addresses though they shall be masqueraded. Belongs to the thread of the
 * datapath.
 */
final class DefaultExits {
  private static final System.Logger LOG = System.getLogger(DefaultExits.class.getName());

  private final Netlink netlink;
  private Set<String> told = Set.of();

  DefaultExits(Netlink netlink) {
    this.netlink = netlink;
  }

  /** These are the routes now. */
  void look(List<Route> main, NodeWays ways) {
    var now = new HashSet<String>();
    others(main, ways.config(), ways.underlay())
        .forEach((family, index) -> now.add(sentence(family, index, ways.config())));
    now.stream()
        .filter(sentence -> !told.contains(sentence))
        .forEach(sentence -> LOG.log(System.Logger.Level.WARNING, sentence));
    told = Set.copyOf(now);
  }

  private String sentence(String family, int index, NodeConfig config) {
    String device =
        netlink.list(Links.all()).stream()
            .filter(link -> link.index() == index)
            .findFirst()
            .map(link -> link.name())
            .orElse("device " + index);
    return "the %s default route leaves by %s: what pods send there keeps their addresses, for only "
            .formatted(family, device)
        + "what leaves by "
        + config.underlayDevice()
        + " is masqueraded";
  }

  /** Families whose first default route is on another device, to its index. */
  static Map<String, Integer> others(List<Route> main, NodeConfig config, int underlay) {
    var out = new HashMap<String, Integer>();
    for (boolean ipv4 : new boolean[] {true, false}) {
      boolean masqueraded =
          config.masquerade().isPresent()
              && config.underlayAddresses().stream().anyMatch(a -> PodInterface.isIpv4(a) == ipv4);
      main.stream()
          .filter(r -> r.prefixLength() == 0 && PodInterface.isIpv4(r.destination()) == ipv4)
          .min(Comparator.comparingInt(Route::metric))
          .filter(
              r ->
                  masqueraded
                      && r.type() == Route.Type.UNICAST
                      && r.index() != 0
                      && r.index() != underlay)
          .ifPresent(r -> out.put(ipv4 ? "IPv4" : "IPv6", r.index()));
    }
    return out;
  }
}
