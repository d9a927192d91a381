package io.sekisho.lab;

import io.sekisho.api.v1.Node;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which ranges of pods lie behind which node: the plan's, or those that nodes leased.
 *
 * @param behind ranges by node
 */
record PodRanges(Map<LabNode, List<String>> behind) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Those of a lab whose agents are healthy. */
  static PodRanges of(Lab lab, List<LabNode> nodes) {
    Map<LabNode, List<String>> ranges = new LinkedHashMap<>();
    boolean leased = !lab.description().wish().network().pools().isEmpty();
    for (LabNode node : nodes) {
      ranges.put(node, leased ? leased(lab, node) : node.podCidrs());
    }
    return new PodRanges(ranges);
  }

  private static List<String> leased(Lab lab, LabNode node) {
    try (AgentClient client = lab.client(node.name())) {
      Await.until(
          PATIENCE, () -> node.name() + " leases no ranges", () -> !told(client, node).isEmpty());
      return told(client, node);
    }
  }

  private static List<String> told(AgentClient client, LabNode node) {
    return client.nodes().stream()
        .filter(known -> known.getName().equals(node.name()))
        .map(Node::getPodCidrsList)
        .map(List::copyOf)
        .findFirst()
        .orElse(List.of());
  }

  /** Commands that add a route to each range by the node's address of the same family. */
  Ip routes() {
    Ip ip = new Ip();
    behind.forEach(
        (node, ranges) -> {
          for (String range : ranges) {
            String gateway = node.addresses().get(range.contains(":") ? 1 : 0);
            ip.add("route replace " + range + " via " + gateway);
          }
        });
    return ip;
  }
}
