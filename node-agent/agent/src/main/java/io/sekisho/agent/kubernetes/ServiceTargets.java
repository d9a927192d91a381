package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.datapath.ServiceAddress;
import io.sekisho.agent.datapath.ServiceBackends;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Services and the endpoint slices behind them, as the API server tells them. While something is
 * told anew what was known counts on. Any thread may ask.
 */
final class ServiceTargets {
  private final String node;
  private final Runnable changed;
  private final Table<ServicePorts> services = new Table<>(ServicePorts::of);
  private final Table<SliceEndpoints> slices = new Table<>(SliceEndpoints::of);

  /**
   * None is known yet.
   *
   * @param node for services whose traffic stays on a node
   * @param changed hears that something may be different; must not block
   */
  ServiceTargets(String node, Runnable changed) {
    this.node = node;
    this.changed = changed;
  }

  /** Takes services. */
  ListWatch.Handler serviceHandler() {
    return services;
  }

  /** Takes endpoint slices. */
  ListWatch.Handler sliceHandler() {
    return slices;
  }

  /** Who answers for which service; empty before both were told whole. */
  synchronized Optional<Map<ServiceAddress, ServiceBackends>> all() {
    if (!services.whole || !slices.whole) {
      return Optional.empty();
    }
    var behind = new HashMap<String, List<SliceEndpoints>>();
    slices.known.values().forEach(s -> behind.merge(s.service(), List.of(s), ServiceTargets::both));
    var out = new HashMap<ServiceAddress, ServiceBackends>();
    services.known.forEach(
        (name, service) -> out.putAll(service.places(behind.getOrDefault(name, List.of()), node)));
    return Optional.of(out);
  }

  private static List<SliceEndpoints> both(List<SliceEndpoints> a, List<SliceEndpoints> b) {
    var out = new ArrayList<>(a);
    out.addAll(b);
    return out;
  }

  /** Objects of a kind by namespace and name. */
  private final class Table<T> implements ListWatch.Handler {
    private final Function<GenericKubernetesResource, T> read;
    private Map<String, T> known = new HashMap<>();
    private Optional<Map<String, T>> telling = Optional.empty();
    private boolean whole;

    Table(Function<GenericKubernetesResource, T> read) {
      this.read = read;
    }

    private static String key(GenericKubernetesResource object) {
      return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    @Override
    public void reset() {
      telling = Optional.of(new HashMap<>());
    }

    @Override
    public void put(GenericKubernetesResource object) {
      T now = read.apply(object);
      if (telling.isPresent()) {
        telling.get().put(key(object), now);
        return;
      }
      boolean same;
      synchronized (ServiceTargets.this) {
        same = now.equals(known.put(key(object), now));
      }
      if (!same) {
        changed.run();
      }
    }

    @Override
    public void deleted(GenericKubernetesResource object) {
      synchronized (ServiceTargets.this) {
        known.remove(key(object));
      }
      changed.run();
    }

    @Override
    public void synced() {
      synchronized (ServiceTargets.this) {
        known = telling.orElse(new HashMap<>());
        telling = Optional.empty();
        whole = true;
      }
      changed.run();
    }
  }
}
