package io.sekisho.agent.reconcile;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.datapath.DesiredState.PrefixFilter;
import io.sekisho.agent.endpoint.LocalEndpoint;
import io.sekisho.agent.endpoint.LocalEndpoint.Live;
import io.sekisho.agent.ipcache.Ipcache;
import io.sekisho.agent.ipcache.Site;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.compile.PolicyTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From what is known to what the dataplane shall do: pure functions. */
final class Desired {
  private Desired() {}

  /** Every identity that can be at the other end of a connection, and what stands for blocks. */
  static Set<Identity> peers(View view) {
    var byNumber = new HashMap<Integer, Identity>();
    Identity.RESERVED.forEach(identity -> byNumber.put(identity.number(), identity));
    view.inventory()
        .endpoints()
        .values()
        .forEach(
            endpoint -> {
              int number = endpoint.getIdentity();
              if (number >= Identity.FIRST_CLUSTER
                  && !view.inventory().identities().containsKey(number)) {
                byNumber.put(number, new Identity(number, Labels.of(endpoint.getLabelsList())));
              }
            });
    byNumber.putAll(view.inventory().identities());
    lives(view).forEach(live -> byNumber.put(live.identity().number(), live.identity()));
    view.cidrs().values().forEach(identity -> byNumber.put(identity.number(), identity));
    view.blocks().values().forEach(identity -> byNumber.put(identity.number(), identity));
    view.nodes().values().forEach(identity -> byNumber.put(identity.number(), identity));
    byNumber.put(view.host().number(), view.host());
    return new HashSet<>(byNumber.values());
  }

  /** Label sets of the endpoints that have an interface, and of the node itself. */
  static Set<Labels> labels(View view) {
    var out = new HashSet<Labels>();
    lives(view).forEach(live -> out.add(live.identity().labels()));
    out.add(view.host().labels());
    return out;
  }

  /**
   * All that the dataplane shall do.
   *
   * @param audit whether the whole cluster is under audit
   * @param ipcache what {@link #ipcache} says
   * @param tables by label set, for every endpoint that has an interface, and for the node
   * @param prefilter who may send nothing to this node
   */
  static DesiredState state(
      Site site,
      View view,
      boolean audit,
      Function<Labels, PolicyTable> tables,
      Map<Cidr, DesiredState.Location> ipcache,
      PrefixFilter prefilter) {
    var endpoints = new HashMap<Integer, DesiredState.Endpoint>();
    for (LocalEndpoint endpoint : view.endpoints().values()) {
      endpoint
          .live()
          .ifPresent(
              live ->
                  endpoints.put(
                      live.wired().endpointId(),
                      new DesiredState.Endpoint(
                          live.wired(),
                          live.identity().number(),
                          tables.apply(live.identity().labels()),
                          audit || endpoint.audited())));
    }
    var blocks = new HashMap<Cidr, Integer>();
    view.blocks().forEach((prefix, identity) -> blocks.put(prefix, identity.number()));
    return new DesiredState(
            endpoints,
            ipcache,
            nodes(site.name(), view.inventory()),
            host(view, audit, tables),
            prefilter)
        .with(blocks);
  }

  /** The node's own policy; empty if no document in force speaks of it. */
  private static Optional<DesiredState.Endpoint> host(
      View view, boolean audit, Function<Labels, PolicyTable> tables) {
    return Optional.of(tables.apply(view.host().labels()))
        .filter(table -> !table.equals(PolicyTable.OPEN))
        .map(table -> DesiredState.host(view.host().number(), table, audit));
  }

  /** The addresses of all nodes. */
  static Set<Cidr> nodeAddresses(Site site, Inventory inventory) {
    return Stream.concat(
            site.underlay().stream(),
            inventory.nodes().values().stream().flatMap(n -> Ipcache.addresses(n).stream()))
        .map(Cidr::of)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Who has which address. */
  static Map<Cidr, DesiredState.Location> ipcache(Site site, View view) {
    return Ipcache.of(site, view.inventory(), locals(view), view.cidrs(), view.nodes());
  }

  /** Who has an address on this node. */
  static List<Ipcache.Local> locals(View view) {
    return lives(view).stream()
        .map(live -> new Ipcache.Local(live.identity().number(), live.wired().addresses()))
        .toList();
  }

  /** The other nodes, by name; those that are gone, too, if it is known which ranges they had. */
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
    var lost = new TreeMap<String, List<Cidr>>();
    Ipcache.lostRanges(inventory, self)
        .forEach((range, name) -> lost.computeIfAbsent(name, n -> new ArrayList<>()).add(range));
    lost.forEach(
        (name, ranges) -> nodes.put(name + " (gone)", DesiredState.RemoteNode.gone(ranges)));
    return nodes;
  }

  /** Endpoints that have an interface. */
  static List<Live> lives(View view) {
    return view.endpoints().values().stream()
        .map(LocalEndpoint::live)
        .flatMap(Optional::stream)
        .toList();
  }
}
