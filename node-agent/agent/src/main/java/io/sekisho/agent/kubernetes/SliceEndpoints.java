package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What is used of an endpoint slice.
 *
 * @param service namespace and name of the service that it belongs to
 * @param ipv4 whether its addresses are of that family
 * @param endpoints those that serve
 */
record SliceEndpoints(
    String service, boolean ipv4, List<ServicePorts.Port> ports, List<Endpoint> endpoints) {
  private static final String SERVICE = "kubernetes.io/service-name";

  /**
   * A backend.
   *
   * @param ready false if it is ending, but still serves
   */
  record Endpoint(InetAddress address, String node, boolean ready) {}

  static SliceEndpoints of(GenericKubernetesResource slice) {
    var meta = slice.getMetadata();
    Map<String, Object> all = slice.getAdditionalProperties();
    var ports = new ArrayList<ServicePorts.Port>();
    for (Map<?, ?> port : Fields.maps(all, "ports")) {
      ServicePorts.port(port).ifPresent(ports::add);
    }
    var endpoints = new ArrayList<Endpoint>();
    for (Map<?, ?> endpoint : Fields.maps(all, "endpoints")) {
      add(endpoint, endpoints);
    }
    return new SliceEndpoints(
        meta.getNamespace() + "/" + Fields.copy(meta.getLabels()).getOrDefault(SERVICE, ""),
        Fields.text(all, "addressType").equals("IPv4"),
        List.copyOf(ports),
        List.copyOf(endpoints));
  }

  /** All addresses of an endpoint are the same; a condition that is not said is true. */
  private static void add(Map<?, ?> endpoint, List<Endpoint> to) {
    Map<?, ?> conditions = Fields.map(endpoint, "conditions");
    boolean ready = !Boolean.FALSE.equals(conditions.get("ready"));
    boolean ending =
        Fields.flag(conditions, "terminating") && !Boolean.FALSE.equals(conditions.get("serving"));
    if (ready || ending) {
      Fields.list(endpoint, "addresses").stream()
          .limit(1)
          .flatMap(a -> ServicePorts.address(a.toString()).stream())
          .forEach(a -> to.add(new Endpoint(a, Fields.text(endpoint, "nodeName"), ready)));
    }
  }

  /** The number of a service's port here; both are known by their name. */
  OptionalInt port(ServicePorts.Port wanted) {
    return ports.stream()
        .filter(p -> p.name().equals(wanted.name()) && p.protocol() == wanted.protocol())
        .mapToInt(ServicePorts.Port::number)
        .findFirst();
  }
}
