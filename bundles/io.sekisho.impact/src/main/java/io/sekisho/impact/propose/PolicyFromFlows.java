package io.sekisho.impact.propose;

import io.sekisho.impact.propose.WorkloadLabels.Choice;
import io.sekisho.impact.seen.Traffic;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Section;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The smallest policy that allows what was seen: subjects by the labels that they have in common,
 * peers by those that tell them from everybody else, just the ports that were used, addresses
 * outside by prefix. One document for each namespace of the subjects.
 */
public final class PolicyFromFlows {
  private static final long NANOS = 1_000_000_000L;

  private PolicyFromFlows() {}

  /** The documents, by namespace; none where there are no subjects. */
  public static List<Proposal> propose(Wish wish, Traffic traffic) {
    Map<String, List<Labels>> byNamespace =
        wish.subjects().stream()
            .filter(l -> !l.namespace().isEmpty())
            .collect(Collectors.groupingBy(Labels::namespace, TreeMap::new, Collectors.toList()));
    var out = new ArrayList<Proposal>();
    byNamespace.forEach((namespace, subjects) -> out.add(one(wish, namespace, subjects, traffic)));
    return out;
  }

  private static Proposal one(Wish wish, String namespace, List<Labels> subjects, Traffic traffic) {
    var notes = new ArrayList<String>();
    Set<SortedMap<String, String>> wanted =
        subjects.stream()
            .map(WorkloadLabels::of)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<SortedMap<String, String>> others = RuleMaking.others(namespace, wish.universe());
    others.removeAll(wanted);
    Choice subject = WorkloadLabels.choose(wanted, others);
    if (subject.alsoSelected() > 0) {
      notes.add(
          "No label tells these endpoints from other pods of "
              + namespace
              + ": these are selected too, and closed.");
    }
    var sections = new EnumMap<Section, List<RuleDraft>>(Section.class);
    long flows = 0;
    for (Direction direction : Direction.values()) {
      if (wish.directions().contains(direction)) {
        var peers = new SeenPeers(wish, new HashSet<>(subjects), direction, traffic);
        flows += peers.flows();
        var making = new RuleMaking(direction, wish.universe(), notes);
        boolean ingress = direction == Direction.INGRESS;
        sections.put(ingress ? Section.INGRESS : Section.EGRESS, making.rules(peers.peers()));
        note(direction, peers, making, notes);
      }
    }
    String name = wish.name().isEmpty() ? name(wanted) : Yaml.name(wish.name());
    var bare =
        new DocumentDraft(name, namespace, subject.conditions(), List.of(), sections, Set.of());
    boolean sayable = KubernetesWriter.canSay(bare);
    if (wish.kubernetes() && !sayable) {
      notes.add("A NetworkPolicy can't say this (ICMP or nodes), so it is a CiliumNetworkPolicy.");
    }
    List<String> comments = comments(traffic, flows);
    notes.stream().distinct().forEach(comments::add);
    var draft =
        new DocumentDraft(name, namespace, subject.conditions(), comments, sections, Set.of());
    String yaml =
        wish.kubernetes() && sayable ? KubernetesWriter.write(draft) : CiliumWriter.write(draft);
    return new Proposal(namespace, name, yaml, notes.stream().distinct().toList(), flows);
  }

  private static void note(
      Direction direction, SeenPeers peers, RuleMaking making, List<String> notes) {
    String side = direction == Direction.INGRESS ? "ingress" : "egress";
    if (peers.dropped() > 0) {
      notes.add(Wording.flows(peers.dropped()) + " of " + side + " were dropped; still are.");
    }
    if (peers.unclear() > 0) {
      notes.add("Of " + Wording.flows(peers.unclear()) + " of " + side + " no rule can be made.");
    }
    if (direction == Direction.EGRESS && !making.hasDns() && peers.flows() > 0) {
      notes.add("No DNS was seen: names will not resolve unless another policy allows it.");
    }
    if (peers.flows() == 0) {
      notes.add("No " + side + " was seen: all of it is closed.");
    }
  }

  private static String name(Set<SortedMap<String, String>> subjects) {
    Choice usual = WorkloadLabels.choose(subjects, List.of());
    String first =
        usual.conditions().isEmpty()
            ? "seen"
            : String.join("-", usual.conditions().getFirst().values());
    return Yaml.name(first.length() > 40 ? "seen" : first + "-seen");
  }

  private static List<String> comments(Traffic traffic, long flows) {
    var out = new ArrayList<String>();
    out.add(
        "Made of "
            + Wording.flows(flows)
            + (traffic.oldestNanos() == 0
                ? "."
                : " from "
                    + time(traffic.oldestNanos())
                    + " to "
                    + time(traffic.newestNanos())
                    + "."));
    if (traffic.lost() > 0 || traffic.leftOut() > 0) {
      out.add(
          Wording.flows(traffic.lost() + traffic.leftOut())
              + " of that time are missing, for they were lost or had no room.");
    }
    return out;
  }

  private static String time(long nanos) {
    return Instant.ofEpochSecond(nanos / NANOS).toString();
  }
}
