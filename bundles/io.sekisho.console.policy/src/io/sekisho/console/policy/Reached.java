package io.sekisho.console.policy;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.reach.Cluster;
import io.sekisho.policy.reach.Reachability;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who can open connections to somebody, and whom he can open them to: by the documents in force,
 * and by a draft.
 *
 * @param from who can come, those first of whom the draft says otherwise
 * @param to where he can go, likewise
 */
record Reached(List<Reached.Line> from, List<Reached.Line> to) {
  /** Ranges of ports that a line names at most. */
  private static final int MOST_PORTS = 6;

  /**
   * A peer.
   *
   * @param ports on which it passes by what is in force; empty for none
   * @param draft on which it would pass by the draft, empty for none; the same where nothing
   *     changes
   */
  record Line(String peer, String ports, String draft) {
    boolean changes() {
      return !ports.equals(draft);
    }
  }

  /** What one set of documents says of both directions: ports by the peer's name. */
  private record Answer(Map<String, Set<String>> from, Map<String, Set<String>> to) {}

  /**
   * Asks both sets of documents; takes a while.
   *
   * @param key the workload's key in the traffic graph, or that of something outside
   */
  static Reached of(
      DryRuns.Sides sides, String key, Enforcement enforcement, ClusterInventory inventory) {
    PeerNames names = new PeerNames(inventory);
    Cluster all = inventory.cluster();
    Answer before = ask(sides.before(), key, enforcement, inventory, all, names);
    Answer after =
        sides.before().equals(sides.after())
            ? before
            : ask(sides.after(), key, enforcement, inventory, all, names);
    return new Reached(lines(before.from(), after.from()), lines(before.to(), after.to()));
  }

  private static Answer ask(
      List<String> texts,
      String key,
      Enforcement enforcement,
      ClusterInventory inventory,
      Cluster all,
      PeerNames names) {
    List<PolicyDocument> documents = Reading.documents(texts);
    Reachability reachability = new Reachability(documents, all, enforcement);
    Map<String, Set<String>> from = new TreeMap<>();
    Map<String, Set<String>> to = new TreeMap<>();
    for (Identity one : meant(key, documents, inventory, all.identities())) {
      add(reachability.whoReaches(one), names, from);
      add(reachability.whomReaches(one), names, to);
    }
    return new Answer(from, to);
  }

  private static void add(
      List<Reachability.Reach> reached, PeerNames names, Map<String, Set<String>> out) {
    for (Reachability.Reach reach : reached) {
      out.computeIfAbsent(names.of(reach.peer()), p -> new TreeSet<>()).add(words(reach.ports()));
    }
  }

  private static String words(List<PortRange> ports) {
    String first =
        ports.stream().limit(MOST_PORTS).map(PortRange::toString).collect(Collectors.joining(", "));
    int more = ports.size() - MOST_PORTS;
    return more > 0 ? first + Texts.bind(Texts.reach_more_ports, more) : first;
  }

  /** The identities of a workload's pods; of what is outside the one that documents give it. */
  private static List<Identity> meant(
      String key,
      List<PolicyDocument> documents,
      ClusterInventory inventory,
      Collection<Identity> all) {
    if (key.startsWith("/")) {
      return List.of(outside(key.substring(1), documents));
    }
    Set<Integer> numbers =
        inventory.endpoints().values().stream()
            .filter(e -> (e.getNamespace() + "/" + e.getWorkload()).equals(key))
            .map(Endpoint::getIdentity)
            .collect(Collectors.toSet());
    return all.stream().filter(i -> numbers.contains(i.number())).toList();
  }

  private static Identity outside(String who, List<PolicyDocument> documents) {
    try {
      String address = who.replaceFirst("/\\d+$", "");
      return new Evaluator(documents).outside(InetAddress.ofLiteral(address));
    } catch (IllegalArgumentException e) {
      return Identity.WORLD; // the world itself, or a name
    }
  }

  private static List<Line> lines(Map<String, Set<String>> before, Map<String, Set<String>> after) {
    BiFunction<Map<String, Set<String>>, String, String> ports =
        (of, peer) ->
            Optional.ofNullable(of.get(peer)).map(p -> String.join(Texts.reach_or, p)).orElse("");
    return Stream.concat(before.keySet().stream(), after.keySet().stream())
        .distinct()
        .map(peer -> new Line(peer, ports.apply(before, peer), ports.apply(after, peer)))
        .sorted(
            Comparator.<Line, Boolean>comparing(l -> !l.changes())
                .thenComparing(l -> !l.peer().contains("/")) // entities, after all others
                .thenComparing(Line::peer))
        .toList();
  }
}
