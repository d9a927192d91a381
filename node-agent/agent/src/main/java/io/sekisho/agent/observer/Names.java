package io.sekisho.agent.observer;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.reconcile.View;
import io.sekisho.api.flow.Endpoint;
import io.sekisho.api.flow.Workload;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is behind an address and an identity. Names are looked up when a flow is told, which may be
 * after a pod has gone and its address has a new owner: so a name counts only if its identity is
 * the event's, and pods that went are remembered for a while. Thread-safe.
 */
final class Names {
  private static final int REMEMBERED = 4096;

  /** An address and the identity that it had. */
  private record Holder(Address address, int identity) {}

  private final String clusterName;
  private final Supplier<View> views;
  private final Map<Holder, Endpoint> gone =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Holder, Endpoint> eldest) {
          return size() > REMEMBERED;
        }
      };
  private @Nullable View indexed;
  private Map<Address, Endpoint> byAddress = Map.of();
  private Map<Integer, Endpoint> byIdentity = Map.of();

  Names(String clusterName, Supplier<View> views) {
    this.clusterName = clusterName;
    this.views = views;
  }

  /** The end of a flow; identity 0 is not known, then the address alone counts. */
  synchronized Endpoint end(Address address, int identity) {
    refresh();
    Endpoint present = byAddress.get(address);
    if (present != null && (identity == 0 || present.getIdentity() == identity)) {
      return present;
    }
    Endpoint before = gone.get(new Holder(address, identity));
    if (before != null) {
      return before;
    }
    Endpoint known = byIdentity.get(identity);
    return known != null
        ? known
        : Endpoint.newBuilder().setIdentity(identity).setClusterName(clusterName).build();
  }

  private void refresh() {
    View view = views.get();
    if (view == indexed) {
      return;
    }
    var addresses = new HashMap<Address, Endpoint>();
    view.inventory().endpoints().values().forEach(e -> add(e, addresses));
    view.endpoints().values().forEach(e -> add(e.toApi(""), addresses));
    byAddress.forEach(
        (address, endpoint) -> {
          if (!endpoint.equals(addresses.get(address))) {
            gone.put(new Holder(address, endpoint.getIdentity()), endpoint);
          }
        });
    byAddress = addresses;
    byIdentity = identities(view);
    indexed = view;
  }

  private void add(io.sekisho.api.v1.Endpoint from, Map<Address, Endpoint> into) {
    Endpoint end =
        Endpoint.newBuilder()
            .setID(from.getId())
            .setIdentity(from.getIdentity())
            .setNamespace(from.getNamespace())
            .addAllLabels(from.getLabelsList())
            .setPodName(from.getPod())
            .addWorkloads(Workload.newBuilder().setName(from.getWorkload()))
            .setClusterName(clusterName)
            .build();
    from.getAddressesList()
        .forEach(text -> literal(text).ifPresent(a -> into.put(Address.of(a), end)));
  }

  private Map<Integer, Endpoint> identities(View view) {
    var out = new HashMap<Integer, Endpoint>();
    Inventory inventory = view.inventory();
    inventory
        .endpoints()
        .values()
        .forEach(
            e ->
                out.put(
                    e.getIdentity(),
                    end(new Identity(e.getIdentity(), Labels.of(e.getLabelsList())))));
    inventory.identities().values().forEach(i -> out.put(i.number(), end(i)));
    view.cidrs().values().forEach(i -> out.put(i.number(), end(i)));
    view.nodes().values().forEach(i -> out.put(i.number(), end(i)));
    Identity.RESERVED.forEach(i -> out.put(i.number(), end(i)));
    return out;
  }

  private Endpoint end(Identity identity) {
    return Endpoint.newBuilder()
        .setIdentity(identity.number())
        .setNamespace(identity.labels().namespace())
        .addAllLabels(identity.labels().texts())
        .setClusterName(clusterName)
        .build();
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
