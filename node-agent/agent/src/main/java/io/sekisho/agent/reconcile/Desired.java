package io.sekisho.agent.reconcile;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.endpoint.LocalEndpoint;
import io.sekisho.agent.endpoint.LocalEndpoint.Live;
import io.sekisho.agent.ipcache.Ipcache;
import io.sekisho.agent.ipcache.Site;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.compile.PolicyTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** From what is known to what the dataplane shall do: pure functions. */
final class Desired {
  private static final List<Identity> RESERVED =
      List.of(
          Identity.HOST,
          Identity.WORLD,
          Identity.UNMANAGED,
          Identity.HEALTH,
          Identity.INIT,
          Identity.REMOTE_NODE);

  private Desired() {}

  /** Every identity that can be at the other end of a connection. */
  static Set<Identity> peers(View view) {
    var byNumber = new HashMap<Integer, Identity>();
    RESERVED.forEach(identity -> byNumber.put(identity.number(), identity));
    view.inventory()
        .endpoints()
        .values()
        .forEach(
            endpoint -> {
              int number = endpoint.getIdentity();
              if (number >= Identity.FIRST_CLUSTER) {
                byNumber.put(number, new Identity(number, Labels.of(endpoint.getLabelsList())));
              }
            });
    byNumber.putAll(view.inventory().identities());
    lives(view).forEach(live -> byNumber.put(live.identity().number(), live.identity()));
    view.cidrs().values().forEach(identity -> byNumber.put(identity.number(), identity));
    return new HashSet<>(byNumber.values());
  }

  /** Label sets of the endpoints that have an interface. */
  static Set<Labels> labels(View view) {
    var out = new HashSet<Labels>();
    lives(view).forEach(live -> out.add(live.identity().labels()));
    return out;
  }

  /**
   * All that the dataplane shall do.
   *
   * @param tables by label set, for every endpoint that has an interface
   */
  static DesiredState state(Site site, View view, Function<Labels, PolicyTable> tables) {
    var endpoints = new HashMap<Integer, DesiredState.Endpoint>();
    for (Live live : lives(view)) {
      var identity = live.identity();
      endpoints.put(
          live.wired().endpointId(),
          new DesiredState.Endpoint(
              live.wired(), identity.number(), tables.apply(identity.labels()), false));
    }
    List<Ipcache.Local> locals =
        lives(view).stream()
            .map(live -> new Ipcache.Local(live.identity().number(), live.wired().addresses()))
            .toList();
    return new DesiredState(
        endpoints,
        Ipcache.of(site, view.inventory(), locals, view.cidrs()),
        nodes(site.name(), view.inventory()));
  }

  /** The other nodes, by name. */
  private static Map<String, DesiredState.RemoteNode> nodes(String self, Inventory inventory) {
    var nodes = new HashMap<String, DesiredState.RemoteNode>();
    inventory
        .nodes()
        .forEach(
            (name, node) -> {
              if (!name.equals(self)) {
                nodes.put(
                    name,
                    new DesiredState.RemoteNode(Ipcache.addresses(node), Ipcache.podCidrs(node)));
              }
            });
    return nodes;
  }

  private static List<Live> lives(View view) {
    return view.endpoints().values().stream()
        .map(LocalEndpoint::live)
        .flatMap(java.util.Optional::stream)
        .toList();
  }
}
