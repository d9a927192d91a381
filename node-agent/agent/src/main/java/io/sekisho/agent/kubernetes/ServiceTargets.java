package io.sekisho.agent.kubernetes;

import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.datapath.ServiceAddress;
import io.sekisho.agent.datapath.ServiceBackends;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Services and the endpoint slices behind them, as the API server tells them. While something is
 * told anew what was known counts on. Any thread may ask.
 */
final class ServiceTargets {
  private final String node;
  private final ObjectTable<ServicePorts> services;
  private final ObjectTable<SliceEndpoints> slices;

  /**
   * None is known yet.
   *
   * @param node for services whose traffic stays on a node
   * @param changed hears that something may be different; must not block
   */
  ServiceTargets(String node, Runnable changed) {
    this.node = node;
    services = new ObjectTable<>((o, before) -> ServicePorts.of(o), changed, System::nanoTime);
    slices = new ObjectTable<>((o, before) -> SliceEndpoints.of(o), changed, System::nanoTime);
  }

  /** Takes services. */
  ListWatch.Handler serviceHandler() {
    return services;
  }

  /** Takes endpoint slices. */
  ListWatch.Handler sliceHandler() {
    return slices;
  }

  /**
   * Who answers for which service; empty before both were told whole. A cluster address is its
   * service's, whoever else names it as one of its own from outside; among those the first by name
   * has it.
   */
  Optional<Map<ServiceAddress, ServiceBackends>> all() {
    if (!services.told() || !slices.told()) {
      return Optional.empty();
    }
    var behind = new HashMap<String, List<SliceEndpoints>>();
    for (SliceEndpoints slice : slices.all()) {
      behind.computeIfAbsent(slice.service(), s -> new ArrayList<>()).add(slice);
    }
    var out = new HashMap<ServiceAddress, ServiceBackends>();
    for (ServicePorts service : services.all()) {
      var slicesOf = behind.getOrDefault(service.service(), List.of());
      out.putAll(service.places(service.cluster(), slicesOf, node));
    }
    for (ServicePorts service : services.all()) {
      var slicesOf = behind.getOrDefault(service.service(), List.of());
      service.places(service.outside(), slicesOf, node).forEach(out::putIfAbsent);
    }
    return Optional.of(out);
  }
}
