package io.sekisho.console.ui;

import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.Ping;
import io.sekisho.console.core.ClusterInventory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is wrong with nodes and the ways between them, in words. */
public final class NodeTroubles {
  /** From this share of lost pings on a way is in trouble. */
  private static final double LOSSY = 0.2;

  /**
   * Something that needs attention.
   *
   * @param node where to look
   * @param what one sentence without a full stop
   * @param how who says so, or the agent's own words
   * @param error whether something does not work at all
   */
  public record Trouble(String node, String what, String how, boolean error) {}

  /**
   * What is wrong with a way.
   *
   * @param what a sentence without a full stop
   * @param but what works all the same, empty if nothing
   */
  public record Way(String what, String but) {
    /** Both in one. */
    public String sentence() {
      return but.isEmpty() ? what : what + ", " + but;
    }
  }

  private NodeTroubles() {}

  /** What is wrong with one way, if something is. */
  public static Optional<Way> way(PeerProbe probe) {
    Ping node = probe.getUnderlay();
    Ping endpoint = probe.getEndpoint();
    String peer = probe.getNode();
    if (silent(endpoint) && answers(node)) {
      return Optional.of(
          new Way(Texts.bind(Texts.way_endpoints_silent, peer), Texts.way_node_answers));
    }
    if (silent(node) && answers(endpoint)) {
      return Optional.of(
          new Way(Texts.bind(Texts.way_node_silent, peer), Texts.way_endpoints_answer));
    }
    if (silent(node) || silent(endpoint)) {
      return Optional.of(new Way(Texts.bind(Texts.way_silent, peer), ""));
    }
    return Math.max(loss(node), loss(endpoint)) >= LOSSY
        ? Optional.of(new Way(Texts.bind(Texts.way_lossy, peer), ""))
        : Optional.empty();
  }

  /** Whether nothing at all passes on a way. */
  public static boolean cut(PeerProbe probe) {
    return silent(probe.getEndpoint())
        || silent(probe.getUnderlay()) && !answers(probe.getEndpoint());
  }

  private static boolean silent(Ping ping) {
    return ping.getSent() > 0 && ping.getAnswered() == 0;
  }

  private static boolean answers(Ping ping) {
    return ping.getAnswered() > 0;
  }

  private static double loss(Ping ping) {
    double loss = PingWords.loss(ping);
    return Double.isNaN(loss) ? 0 : loss;
  }

  /** What is wrong in the cluster, nodes in trouble first, then ways; by name. */
  public static List<Trouble> of(ClusterInventory inventory) {
    List<Node> nodes =
        inventory.nodes().values().stream().sorted(Comparator.comparing(Node::getName)).toList();
    List<Trouble> found = new ArrayList<>();
    for (Node n : nodes) {
      if (n.getState() == NodeState.GONE || n.getState() == NodeState.DEGRADED) {
        String what = Texts.bind(Texts.trouble_node, n.getName());
        found.add(new Trouble(n.getName(), what, n.getMessage(), n.getState() == NodeState.GONE));
      }
    }
    found.addAll(ways(nodes));
    return found;
  }

  /**
   * A way's trouble is the peer's when more than half of those who ask say so, else the asker's.
   */
  private static List<Trouble> ways(List<Node> nodes) {
    Map<String, List<PeerProbe>> bad = new LinkedHashMap<>();
    Map<String, List<String>> askers = new LinkedHashMap<>();
    Map<String, Integer> asked = new LinkedHashMap<>();
    for (Node from : nodes) {
      for (PeerProbe probe : from.getProbesList()) {
        if (from.getState() != NodeState.GONE && !gone(nodes, probe.getNode())) {
          asked.merge(probe.getNode(), 1, Integer::sum);
          if (way(probe).isPresent()) {
            bad.computeIfAbsent(probe.getNode(), p -> new ArrayList<>()).add(probe);
            askers.computeIfAbsent(probe.getNode(), p -> new ArrayList<>()).add(from.getName());
          }
        }
      }
    }
    List<Trouble> found = new ArrayList<>();
    Map<String, List<String>> single = new LinkedHashMap<>();
    bad.forEach(
        (peer, probes) -> {
          List<String> from = askers.get(peer);
          if (2 * from.size() > asked.get(peer)) {
            Way way = probes.stream().flatMap(p -> way(p).stream()).findFirst().orElseThrow();
            String by = Texts.bind(Texts.trouble_asked, String.join(", ", from));
            String how = way.but().isEmpty() ? by : way.but() + "; " + by;
            found.add(
                new Trouble(peer, way.what(), how, probes.stream().anyMatch(NodeTroubles::cut)));
          } else {
            from.forEach(f -> single.computeIfAbsent(f, k -> new ArrayList<>()).add(peer));
          }
        });
    single.forEach(
        (from, peers) -> {
          if (found.stream().noneMatch(t -> t.node().equals(from))) {
            String what = Texts.bind(Texts.trouble_reach, from, String.join(", ", peers));
            found.add(new Trouble(from, what, Texts.trouble_reach_how, false));
          }
        });
    return found;
  }

  private static boolean gone(List<Node> nodes, String name) {
    return nodes.stream()
        .filter(n -> n.getName().equals(name))
        .anyMatch(n -> n.getState() == NodeState.GONE);
  }
}
