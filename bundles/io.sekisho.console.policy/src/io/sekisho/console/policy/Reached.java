package io.sekisho.console.policy;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Problem;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.reach.Cluster;
import io.sekisho.policy.reach.Reachability;
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
 * @param broken how many texts of the draft have errors, and so count as not there
 */
record Reached(List<Reached.Line> from, List<Reached.Line> to, int broken) {
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

  /** Who is asked about, and in which cluster. */
  private record Question(
      String key, Enforcement enforcement, ClusterInventory inventory, Cluster all) {}

  /**
   * Asks both sets of documents; takes a while.
   *
   * @param key the workload's key in the traffic graph, or that of something outside
   * @return empty if nobody in the cluster or outside of it is meant; nodes are neither
   */
  static Optional<Reached> of(
      DryRuns.Sides sides, String key, Enforcement enforcement, ClusterInventory inventory) {
    var question = new Question(key, enforcement, inventory, inventory.cluster());
    Parsed inForce = Reading.parsed(sides.before());
    Parsed draft = sides.before().equals(sides.after()) ? inForce : Reading.parsed(sides.after());
    Optional<Answer> before = ask(inForce.documents(), question);
    Optional<Answer> after = draft == inForce ? before : ask(draft.documents(), question);
    int broken = (int) draft.errors().stream().map(Problem::text).distinct().count();
    return before.flatMap(
        b -> after.map(a -> new Reached(lines(b.from(), a.from()), lines(b.to(), a.to()), broken)));
  }

  private static Optional<Answer> ask(List<PolicyDocument> documents, Question question) {
    List<Identity> meant = meant(documents, question);
    if (meant.isEmpty()) {
      return Optional.empty();
    }
    var names = new PeerNames(question.inventory());
    var reachability = new Reachability(documents, question.all(), question.enforcement());
    Map<String, Set<String>> from = new TreeMap<>();
    Map<String, Set<String>> to = new TreeMap<>();
    for (Identity one : meant) {
      add(reachability.whoReaches(one), names, from);
      add(reachability.whomReaches(one), names, to);
    }
    return Optional.of(new Answer(from, to));
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
  private static List<Identity> meant(List<PolicyDocument> documents, Question question) {
    String key = question.key();
    if (key.startsWith("/")) {
      return outside(key.substring(1), documents, question.all()).stream().toList();
    }
    Set<Integer> numbers =
        question.inventory().endpoints().values().stream()
            .filter(e -> (e.getNamespace() + "/" + e.getWorkload()).equals(key))
            .map(Endpoint::getIdentity)
            .collect(Collectors.toSet());
    return question.all().identities().stream().filter(i -> numbers.contains(i.number())).toList();
  }

  /** Nobody for names and addresses of nodes, which are not outside. */
  private static Optional<Identity> outside(
      String who, List<PolicyDocument> documents, Cluster all) {
    if (who.equals("world")) {
      return Optional.of(Identity.WORLD);
    }
    try {
      Cidr prefix = Cidr.parse(who);
      boolean inside = all.addresses().values().stream().anyMatch(a -> a.contains(prefix));
      return inside ? Optional.empty() : Optional.of(new Evaluator(documents).outside(prefix));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
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
