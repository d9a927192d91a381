package io.sekisho.agent.kubernetes;

import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.ServiceCatalog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** The services of the cluster and the slices that no controller makes of pods. */
final class ServiceDirectory {
  private final ObjectTable<ServiceFacts> services;
  private final ObjectTable<SliceFacts> slices;

  /**
   * None is known yet.
   *
   * @param changed hears that something is different; must not block
   * @param nanos the ticker
   */
  ServiceDirectory(Runnable changed, LongSupplier nanos) {
    services = new ObjectTable<>((object, before) -> ServiceFacts.of(object), changed, nanos);
    slices = new ObjectTable<>((object, before) -> SliceFacts.of(object), changed, nanos);
  }

  ListWatch.Handler serviceHandler() {
    return services;
  }

  ListWatch.Handler sliceHandler() {
    return slices;
  }

  /** Whether what is known is to be used. */
  boolean settled() {
    return services.settled() && slices.settled();
  }

  /** Brings back what {@link #all} gave an earlier agent; what the server says takes its place. */
  void restore(List<ServiceFacts> known) {
    var byName = new TreeMap<String, ServiceFacts>();
    var addresses = new TreeMap<String, SliceFacts>();
    for (ServiceFacts service : known) {
      String key = ObjectTable.key(service.namespace(), service.name());
      byName.put(key, service);
      addresses.put(key, new SliceFacts(service.namespace(), service.name(), service.addresses()));
    }
    services.restore(byName);
    slices.restore(addresses);
  }

  /** Every service, with the addresses of its slices. */
  List<ServiceFacts> all() {
    Map<String, List<Cidr>> addresses = new HashMap<>();
    for (SliceFacts slice : slices.all()) {
      addresses
          .computeIfAbsent(
              ObjectTable.key(slice.namespace(), slice.service()), k -> new ArrayList<>())
          .addAll(slice.addresses());
    }
    return services.all().stream()
        .map(
            s ->
                s.with(addresses.getOrDefault(ObjectTable.key(s.namespace(), s.name()), List.of())))
        .toList();
  }

  /** What rules may speak of. */
  static ServiceCatalog catalog(List<ServiceFacts> all) {
    return new ServiceCatalog(all.stream().map(ServiceFacts::service).toList());
  }
}
