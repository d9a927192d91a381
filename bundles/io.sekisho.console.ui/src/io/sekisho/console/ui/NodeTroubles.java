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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is wrong with nodes and the ways between them, in words. */
public final class NodeTroubles {
  /** From this share of lost pings on a way is in trouble. */
  private static final double LOSSY = 0.2;

  private static final int MOST_NAMES = 3;

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
    Optional<Way> family = oneFamily(probe);
    if (family.isPresent()) {
      return family;
    }
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
    return pings(probe).mapToDouble(NodeTroubles::loss).max().orElse(0) >= LOSSY
        ? Optional.of(new Way(Texts.bind(Texts.way_lossy, peer), ""))
        : Optional.empty();
  }

  /** Endpoints that come through by one family alone. */
  private static Optional<Way> oneFamily(PeerProbe probe) {
    Ping ipv4 = probe.getEndpoint();
    Ping ipv6 = probe.getEndpointIpv6();
    boolean one = silent(ipv4) && answers(ipv6);
    if (!one && !(silent(ipv6) && answers(ipv4))) {
      return Optional.empty();
    }
    return Optional.of(
        new Way(
            Texts.bind(Texts.way_family_silent, probe.getNode(), one ? "IPv4" : "IPv6"),
            Texts.bind(Texts.way_family_answers, one ? "IPv6" : "IPv4")));
  }

  /** All pings of a way; those of a second family only where both nodes have two. */
  public static Stream<Ping> pings(PeerProbe probe) {
    Stream<Ping> first = Stream.of(probe.getUnderlay(), probe.getEndpoint());
    return probe.hasEndpointIpv6()
        ? Stream.concat(first, Stream.of(probe.getUnderlayIpv6(), probe.getEndpointIpv6()))
        : first;
  }

  /** Whether nothing at all passes on a way. */
  public static boolean cut(PeerProbe probe) {
    return silent(probe.getEndpoint())
        || silent(probe.getUnderlay()) && !answers(probe.getEndpoint());
  }

  /** The first few, and how many more. */
  private static String names(List<String> all) {
    String first = String.join(", ", all.subList(0, Math.min(MOST_NAMES, all.size())));
    int more = all.size() - MOST_NAMES;
    return more > 0 ? Texts.bind(Texts.trouble_more, first, more) : first;
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

  /** What was found in an inventory; several views ask about the same one at every frame. */
  private record Found(ClusterInventory in, List<Trouble> troubles) {}

  private static volatile Found last = new Found(ClusterInventory.EMPTY, List.of());

  /** What is wrong in the cluster, nodes in trouble first, then ways; by name. */
  public static List<Trouble> of(ClusterInventory inventory) {
    Found known = last;
    if (known.in() != inventory) {
      known = new Found(inventory, find(inventory));
      last = known;
    }
    return known.troubles();
  }

  private static List<Trouble> find(ClusterInventory inventory) {
    List<Node> nodes =
        inventory.nodes().values().stream().sorted(Comparator.comparing(Node::getName)).toList();
    List<Trouble> found = new ArrayList<>();
    for (Node n : nodes) {
      if (n.getState() == NodeState.GONE || n.getState() == NodeState.DEGRADED) {
        String what = Texts.bind(Texts.trouble_node, n.getName());
        found.add(new Trouble(n.getName(), what, n.getMessage(), n.getState() == NodeState.GONE));
      }
    }
    Ways ways = new Ways(nodes);
    found.addAll(ways.ofPeers());
    for (Trouble t : ways.ofAskers()) {
      if (found.stream().noneMatch(f -> f.node().equals(t.node()))) {
        found.add(t);
      }
    }
    return List.copyOf(found);
  }

  /**
   * Who asks whom, and who says that it is bad. A way's trouble is the peer's when more than half
   * of those who ask say so, else the asker's.
   */
  private static final class Ways {
    private final Map<String, Integer> asked = new LinkedHashMap<>();
    private final Map<String, List<String>> askers = new LinkedHashMap<>();
    private final Map<String, List<PeerProbe>> bad = new LinkedHashMap<>();

    /** Nodes that are gone neither ask nor are asked. */
    Ways(List<Node> nodes) {
      Set<String> gone =
          nodes.stream()
              .filter(n -> n.getState() == NodeState.GONE)
              .map(Node::getName)
              .collect(Collectors.toSet());
      nodes.stream().filter(n -> !gone.contains(n.getName())).forEach(n -> add(n, gone));
    }

    private void add(Node from, Set<String> gone) {
      for (PeerProbe probe : from.getProbesList()) {
        if (!gone.contains(probe.getNode())) {
          asked.merge(probe.getNode(), 1, Integer::sum);
          if (way(probe).isPresent()) {
            bad.computeIfAbsent(probe.getNode(), p -> new ArrayList<>()).add(probe);
            askers.computeIfAbsent(probe.getNode(), p -> new ArrayList<>()).add(from.getName());
          }
        }
      }
    }

    private boolean mostSaySo(String peer) {
      return 2 * askers.getOrDefault(peer, List.of()).size() > asked.getOrDefault(peer, 0);
    }

    List<Trouble> ofPeers() {
      List<Trouble> found = new ArrayList<>();
      bad.forEach(
          (peer, probes) -> {
            if (mostSaySo(peer)) {
              Way way = way(probes.getFirst()).orElseThrow();
              String by = Texts.bind(Texts.trouble_asked, names(askers.get(peer)));
              String how = way.but().isEmpty() ? by : way.but() + "; " + by;
              boolean error = probes.stream().anyMatch(NodeTroubles::cut);
              found.add(new Trouble(peer, way.what(), how, error));
            }
          });
      return found;
    }

    List<Trouble> ofAskers() {
      Map<String, List<String>> peers = new LinkedHashMap<>();
      askers.forEach(
          (peer, from) -> {
            if (!mostSaySo(peer)) {
              from.forEach(f -> peers.computeIfAbsent(f, k -> new ArrayList<>()).add(peer));
            }
          });
      List<Trouble> found = new ArrayList<>();
      peers.forEach(
          (from, to) ->
              found.add(
                  new Trouble(
                      from,
                      Texts.bind(Texts.trouble_reach, from, names(to)),
                      Texts.trouble_reach_how,
                      false)));
      return found;
    }
  }
}
