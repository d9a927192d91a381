package io.sekisho.impact.propose;

import io.sekisho.impact.propose.RuleDraft.PodSelector;
import io.sekisho.impact.propose.SeenPeers.Seen;
import io.sekisho.impact.propose.WorkloadLabels.Choice;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PortRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes the fewest rules of seen peers: peers of one kind with the same ports stand in one rule,
 * and pods of one namespace in one selector where labels tell them from all others.
 */
final class RuleMaking {
  private final Direction direction;
  private final Collection<Labels> universe;
  private final List<String> notes;
  private boolean dns;

  /** Peers of one kind with the same ports. */
  private record Group(Class<? extends Peer> kind, List<PortRange> ports) {}

  RuleMaking(Direction direction, Collection<Labels> universe, List<String> notes) {
    this.direction = direction;
    this.universe = universe;
    this.notes = notes;
  }

  List<RuleDraft> rules(Map<Peer, Seen> peers) {
    var groups = new LinkedHashMap<Group, Map<Peer, Seen>>();
    for (boolean icmp : new boolean[] {false, true}) {
      peers.forEach(
          (peer, seen) -> {
            Seen part = part(seen, icmp);
            if (!part.flows().isEmpty()) {
              Group group = new Group(peer.getClass(), ports(part));
              groups.computeIfAbsent(group, g -> new LinkedHashMap<>()).put(peer, part);
            }
          });
    }
    var out = new ArrayList<RuleDraft>();
    groups.forEach((group, members) -> out.add(rule(group, members)));
    return out;
  }

  private static Seen part(Seen seen, boolean icmp) {
    var flows = new TreeMap<PortRange, Long>();
    seen.flows()
        .forEach(
            (port, count) -> {
              if (Ports.isIcmp(port.protocol()) == icmp) {
                flows.put(port, count);
              }
            });
    return new Seen(flows, seen.names());
  }

  /** Who asks a resolver by UDP must be able to by TCP too, for long answers (RFC 7766). */
  private List<PortRange> ports(Seen seen) {
    var all = new TreeSet<>(seen.flows().keySet());
    if (direction == Direction.EGRESS && all.stream().anyMatch(Ports::isDns)) {
      all.add(Ports.one(PortRange.TCP, 53));
    }
    return Ports.merged(all);
  }

  private RuleDraft rule(Group group, Map<Peer, Seen> members) {
    var comments = new ArrayList<String>();
    long flows = members.values().stream().mapToLong(Seen::all).sum();
    var names = new TreeSet<String>();
    members.values().forEach(s -> names.addAll(s.names()));
    String way = direction == Direction.INGRESS ? " from " : " to ";
    boolean isDns = direction == Direction.EGRESS && group.ports().stream().anyMatch(Ports::isDns);
    dns |= isDns;
    comments.add((isDns ? "DNS: " : "") + Wording.flows(flows) + way + Wording.names(names));
    var entities = new ArrayList<Entity>();
    var nets = new TreeSet<Cidr>();
    var pods = new TreeMap<String, Set<SortedMap<String, String>>>();
    for (Peer peer : members.keySet()) {
      switch (peer) {
        case Peer.Group named -> entities.add(named.entity());
        case Peer.Net net -> nets.add(net.cidr());
        case Peer.Pods some ->
            pods.computeIfAbsent(some.namespace(), n -> new HashSet<>()).add(some.labels());
      }
    }
    var selectors = new ArrayList<PodSelector>();
    pods.forEach((namespace, labels) -> selectors.addAll(selectors(namespace, labels)));
    return new RuleDraft(comments, selectors, entities, Nets.merged(nets), group.ports());
  }

  private List<PodSelector> selectors(String namespace, Set<SortedMap<String, String>> wanted) {
    Set<SortedMap<String, String>> others = others(namespace, universe);
    others.removeAll(wanted);
    Choice together = WorkloadLabels.choose(wanted, others);
    if (together.alsoSelected() == 0) {
      return List.of(new PodSelector(namespace, together.conditions()));
    }
    var out = new ArrayList<PodSelector>();
    for (SortedMap<String, String> one : wanted) {
      Choice choice = WorkloadLabels.choose(List.of(one), others);
      PodSelector selector = new PodSelector(namespace, choice.conditions());
      if (!out.contains(selector)) {
        out.add(selector);
      }
      if (choice.alsoSelected() > 0) {
        notes.add(
            "No label tells "
                + one
                + " from other pods of "
                + namespace
                + ": these are selected too.");
      }
    }
    return out;
  }

  /** What tells the endpoints of a namespace apart. */
  static Set<SortedMap<String, String>> others(String namespace, Collection<Labels> universe) {
    var out = new HashSet<SortedMap<String, String>>();
    universe.stream()
        .filter(l -> l.namespace().equals(namespace))
        .map(WorkloadLabels::of)
        .forEach(out::add);
    return out;
  }

  /** Whether one of the rules is for a resolver. */
  boolean hasDns() {
    return dns;
  }
}
