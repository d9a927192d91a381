package io.sekisho.agent.explain;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PolicyEnd;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.check.Surroundings;
import io.sekisho.policy.reach.Cluster;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who is in the cluster, by identity; immutable. */
final class Census {
  /** Pods that are named as examples. */
  static final int EXAMPLES = 3;

  private final Map<Integer, Identity> identities = new TreeMap<>();
  private final Map<Integer, List<Endpoint>> endpoints = new HashMap<>();
  private final Collection<Node> nodes;

  /** Those of an inventory. */
  Census(Inventory inventory) {
    nodes = inventory.nodes().values();
    identities.putAll(inventory.identities());
    for (Endpoint endpoint : inventory.endpoints().values()) {
      endpoints.computeIfAbsent(endpoint.getIdentity(), i -> new ArrayList<>()).add(endpoint);
      if (endpoint.getLabelsCount() > 0) {
        identities.computeIfAbsent(
            endpoint.getIdentity(), i -> new Identity(i, Labels.of(endpoint.getLabelsList())));
      }
    }
    endpoints.values().forEach(l -> l.sort(Comparator.comparing(Census::name)));
  }

  /** Every identity of the cluster, also those that nobody has now. */
  Collection<Identity> identities() {
    return identities.values();
  }

  /** Everybody, with the addresses that they have now. */
  Cluster cluster() {
    return cluster(identities());
  }

  /** The same with others in place of the cluster's identities. */
  Cluster cluster(Collection<Identity> others) {
    var addresses = new Cluster.Addresses();
    endpoints.forEach(
        (number, having) -> having.forEach(e -> addresses.add(number, e.getAddressesList())));
    nodes.forEach(n -> addresses.addNode(n.getAddressesList(), n.getHealthAddressesList()));
    return addresses.cluster(others);
  }

  Optional<Identity> identity(int number) {
    return Optional.ofNullable(identities.get(number));
  }

  Collection<Node> nodes() {
    return nodes;
  }

  /** What traps are looked for in. */
  Surroundings surroundings() {
    return new Surroundings(
        identities.values().stream().filter(i -> endpoints.containsKey(i.number())).toList(),
        nodes.stream()
            .flatMap(n -> n.getPodCidrsList().stream())
            .map(Cidr::parse)
            .distinct()
            .sorted()
            .toList());
  }

  /** Every endpoint, by name within an identity. */
  List<Endpoint> endpoints() {
    return endpoints.values().stream().flatMap(List::stream).toList();
  }

  /** The endpoints that have an identity, by name. */
  List<Endpoint> endpoints(Identity identity) {
    return endpoints.getOrDefault(identity.number(), List.of());
  }

  /** {@code namespace/pod}. */
  static String name(Endpoint endpoint) {
    return endpoint.getNamespace() + "/" + endpoint.getPod();
  }

  /** An identity and who has it, the one first who has the address. */
  PolicyEnd end(Identity identity, Optional<Cidr> address) {
    return address
        .flatMap(a -> endpoints(identity).stream().filter(e -> has(e, a)).findFirst())
        .map(e -> end(identity).toBuilder().setName(name(e)).setAddress(address.get().toString()))
        .map(PolicyEnd.Builder::build)
        .orElseGet(() -> end(identity));
  }

  private static boolean has(Endpoint endpoint, Cidr address) {
    return endpoint.getAddressesList().stream()
        .anyMatch(text -> Cluster.address(text).equals(Optional.of(address)));
  }

  /** An identity and who has it. */
  PolicyEnd end(Identity identity) {
    List<Endpoint> having = endpoints(identity);
    return PolicyEnd.newBuilder()
        .setName(words(identity))
        .setIdentity(identity.equals(Ends.imagined(identity.labels())) ? 0 : identity.number())
        .addAllLabels(identity.labels().texts())
        .addAllPods(having.stream().map(Census::name).distinct().limit(EXAMPLES).toList())
        .setEndpoints(having.size())
        .build();
  }

  private String words(Identity identity) {
    List<Endpoint> having = endpoints(identity);
    return having.isEmpty() ? words(identity.labels()) : name(having.getFirst());
  }

  /** What has no endpoint: a prefix, a reserved identity, or labels. */
  static String words(Labels labels) {
    Optional<String> prefix = CidrLabels.cidr(labels).map(Cidr::toString);
    if (prefix.isPresent()) {
      return prefix.get();
    }
    return labels.asMap().keySet().stream()
        .filter(k -> k.startsWith("reserved:"))
        .findFirst()
        .map(k -> k.substring("reserved:".length()))
        .orElse(labels.toString());
  }
}
