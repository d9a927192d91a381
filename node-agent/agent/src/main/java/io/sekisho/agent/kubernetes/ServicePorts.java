package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.datapath.ServiceAddress;
import io.sekisho.agent.datapath.ServiceBackends;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is used of a service.
 *
 * @param service namespace and name
 * @param cluster the addresses by which pods name it; none if it is headless or another name
 * @param outside those from outside, which a load balancer or whoever wrote it gave it
 * @param affinitySeconds so long a client keeps its backend; 0 for no promise
 * @param localOnly whether only backends on the client's node serve it
 */
record ServicePorts(
    String service,
    List<InetAddress> cluster,
    List<InetAddress> outside,
    List<Port> ports,
    int affinitySeconds,
    boolean localOnly) {
  /** What Kubernetes takes where nothing is said (three hours). */
  private static final int USUAL_AFFINITY = 10_800;

  /** The API server takes no more: a day. */
  private static final int LONGEST_AFFINITY = 86_400;

  private static final int LAST_PORT = 65_535;

  /** A port by its name, which may be empty. */
  record Port(String name, int number, int protocol) {}

  static ServicePorts of(GenericKubernetesResource service) {
    Map<?, ?> spec = Fields.map(service, "spec");
    var ports = new ArrayList<Port>();
    for (Map<?, ?> port : Fields.maps(spec, "ports")) {
      port(port).ifPresent(ports::add);
    }
    List<InetAddress> cluster = cluster(spec);
    return new ServicePorts(
        service.getMetadata().getNamespace() + "/" + service.getMetadata().getName(),
        cluster,
        cluster.isEmpty() ? List.of() : outside(service, spec),
        List.copyOf(ports),
        affinity(spec),
        Fields.text(spec, "internalTrafficPolicy").equals("Local"));
  }

  /**
   * A port with its number; empty without one, for a protocol that we do not know, and for a number
   * that is none of a port: slices are not checked by the API server, and one that is broken must
   * not stop all others.
   */
  static Optional<Port> port(Map<?, ?> port) {
    int protocol =
        switch (Fields.text(port, "protocol")) {
          case "", "TCP" -> 6;
          case "UDP" -> 17;
          case "SCTP" -> 132;
          default -> 0;
        };
    OptionalInt number = Fields.number(port, "port", 1, LAST_PORT);
    return number.isEmpty() || protocol == 0
        ? Optional.empty()
        : Optional.of(new Port(Fields.text(port, "name"), number.getAsInt(), protocol));
  }

  private static List<InetAddress> cluster(Map<?, ?> spec) {
    return Fields.text(spec, "type").equals("ExternalName")
        ? List.of()
        : addresses(Fields.list(spec, "clusterIPs"));
  }

  private static List<InetAddress> outside(GenericKubernetesResource service, Map<?, ?> spec) {
    var texts = new ArrayList<Object>(Fields.list(spec, "externalIPs"));
    var balancer = Fields.map(service, "status", "loadBalancer");
    for (Map<?, ?> ingress : Fields.maps(balancer, "ingress")) {
      if (!Fields.text(ingress, "ipMode").equals("Proxy")) {
        texts.add(Fields.text(ingress, "ip"));
      }
    }
    return addresses(texts);
  }

  private static List<InetAddress> addresses(List<?> texts) {
    return texts.stream().flatMap(text -> address(text.toString()).stream()).distinct().toList();
  }

  /** An address; empty for what is none, such as a name, or the word of a headless service. */
  static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int affinity(Map<?, ?> spec) {
    if (!Fields.text(spec, "sessionAffinity").equals("ClientIP")) {
      return 0;
    }
    Map<?, ?> config = Fields.map(Fields.map(spec, "sessionAffinityConfig"), "clientIP");
    return Fields.number(config, "timeoutSeconds", 1, LONGEST_AFFINITY).orElse(USUAL_AFFINITY);
  }

  /**
   * Who answers, by address and port.
   *
   * @param addresses some of the service's
   * @param slices all of the service
   * @param node the client's
   */
  Map<ServiceAddress, ServiceBackends> places(
      List<InetAddress> addresses, List<SliceEndpoints> slices, String node) {
    var out = new HashMap<ServiceAddress, ServiceBackends>();
    for (InetAddress address : addresses) {
      boolean ipv4 = address.getAddress().length == 4;
      for (Port port : ports) {
        out.put(
            new ServiceAddress(address, port.number(), port.protocol()),
            new ServiceBackends(backends(slices, port, ipv4, node), affinitySeconds));
      }
    }
    return out;
  }

  /** Those that are ready; with none of them those that still serve while they end. */
  private List<InetSocketAddress> backends(
      List<SliceEndpoints> slices, Port port, boolean ipv4, String node) {
    var ready = new ArrayList<InetSocketAddress>();
    var ending = new ArrayList<InetSocketAddress>();
    for (SliceEndpoints slice : slices) {
      var number = slice.port(port);
      if (slice.ipv4() != ipv4 || number.isEmpty()) {
        continue;
      }
      for (SliceEndpoints.Endpoint endpoint : slice.endpoints()) {
        if (!localOnly || endpoint.node().equals(node)) {
          (endpoint.ready() ? ready : ending)
              .add(new InetSocketAddress(endpoint.address(), number.getAsInt()));
        }
      }
    }
    return ready.isEmpty() ? ending : ready;
  }
}
