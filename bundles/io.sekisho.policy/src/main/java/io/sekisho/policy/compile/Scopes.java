package io.sekisho.policy.compile;

import io.sekisho.policy.Action;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import io.sekisho.policy.Tier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rules of a {@link Ruling} by the peer that they speak of. */
final class Scopes {
  private final PeerIndex peers;
  private final Labels endpoint;
  private final boolean isolated;
  private final boolean together;
  private final List<Use> pods = new ArrayList<>();
  private final List<Use> any = new ArrayList<>();
  private final Map<Integer, List<Use>> named = new HashMap<>();
  private final Map<Integer, List<Use>> blocks = new HashMap<>();
  private boolean mixed;

  /**
   * Sorts the rules.
   *
   * @param endpoint labels of the endpoint that decides
   * @param together whether rules for every pod may stand once instead of at each pod
   */
  Scopes(Ruling ruling, PeerIndex peers, Labels endpoint, boolean together) {
    this.peers = peers;
    this.endpoint = endpoint;
    this.isolated = ruling.isolated();
    List<Rule> rules =
        ruling.rules().stream()
            .filter(r -> !isolated || r.standing().tier() != Tier.BASELINE)
            .toList();
    this.together = together && rules.stream().noneMatch(Scopes::tellsPodsApart);
    rules.forEach(this::add);
    if (!pods.isEmpty()) {
      named.replaceAll((i, uses) -> Identity.isPod(i) ? Entries.both(uses, pods) : uses);
    }
  }

  /**
   * Whether pods must be told one by one: where a rule takes from some what another one gives to
   * every pod, a pod that nobody knows yet would have what it may not.
   */
  private static boolean tellsPodsApart(Rule rule) {
    boolean all = rule.peers().stream().anyMatch(p -> p.matchesAll() || p.matchesEveryPod());
    return rule.action() == Action.PASS
        || (all && rule.direction() == Direction.EGRESS && !rule.named().isEmpty())
        || (rule.deny() && !all && rule.peers().stream().anyMatch(Peer::mayMatchPods));
  }

  /** Whether what no rule allows is dropped. */
  boolean isolated() {
    return isolated;
  }

  /** The rules for any peer, by name. */
  List<Use> any() {
    return any;
  }

  /** The rules for every pod that stand once, by name; empty if they stand at each pod. */
  List<Use> pods() {
    return pods;
  }

  /** The peers that rules name. */
  Set<Integer> identities() {
    return named.keySet();
  }

  /** The rules that name a peer, by name. */
  List<Use> named(int identity) {
    return named.getOrDefault(identity, List.of());
  }

  /** The prefixes by which rules mean whoever has an address there. */
  Set<Integer> blocks() {
    return blocks.keySet();
  }

  /** The rules that mean a prefix's addresses, by name. */
  List<Use> blocks(int number) {
    return blocks.getOrDefault(number, List.of());
  }

  /**
   * What an address alone tells: not which of the ports of a server that is no prefix has a name.
   */
  private void addBlocks(Rule rule) {
    Set<Integer> numbers =
        rule.peers().stream()
            .flatMap(p -> peers.covered(p).stream())
            .collect(Collectors.toUnmodifiableSet());
    if (numbers.isEmpty()) {
      return;
    }
    boolean egress = rule.direction() == Direction.EGRESS;
    List<Ports> parts = parts(egress ? rule.ports() : rule.portsAt(endpoint));
    if (!parts.isEmpty()) {
      var use = new Use(rule, false, parts);
      numbers.forEach(n -> blocks.computeIfAbsent(n, i -> new ArrayList<>()).add(use));
    }
  }

  private void add(Rule rule) {
    addBlocks(rule);
    if (rule.direction() == Direction.EGRESS && !rule.named().isEmpty()) {
      addByServer(rule);
      return;
    }
    List<Ports> parts = parts(rule.portsAt(endpoint));
    if (parts.isEmpty()) {
      return;
    }
    if (rule.peers().stream().anyMatch(Peer::matchesAll)) {
      any.add(new Use(rule, true, parts));
    }
    var use = new Use(rule, false, parts);
    boolean everyPod = together && naming(rule).stream().anyMatch(Peer::matchesEveryPod);
    if (everyPod) {
      pods.add(use);
    }
    matching(rule, everyPod ? peers::besidesPods : peers::matching)
        .forEach(i -> put(i.number(), use));
  }

  /** Each server says itself which port has the name. */
  private void addByServer(Rule rule) {
    boolean all = rule.peers().stream().anyMatch(Peer::matchesAll);
    List<Ports> unnamed = parts(rule.ports());
    if (all && !unnamed.isEmpty()) {
      any.add(new Use(rule, true, unnamed));
    }
    Set<Integer> exactly =
        matching(rule, peers::matching).stream().map(Identity::number).collect(Collectors.toSet());
    var known = new HashMap<List<Ports>, Use>();
    var knownAny = new HashMap<List<Ports>, Use>();
    for (Identity identity : all ? peers.all() : matching(rule, peers::matching)) {
      boolean isNamed = exactly.contains(identity.number());
      List<Ports> parts = parts(rule.portsAt(identity.labels()));
      if (parts.isEmpty() || (!isNamed && parts.equals(unnamed))) {
        continue;
      }
      mixed |= !isNamed;
      Map<List<Ports>, Use> uses = isNamed ? known : knownAny;
      put(identity.number(), uses.computeIfAbsent(parts, p -> new Use(rule, !isNamed, p)));
    }
  }

  private static List<Peer> naming(Rule rule) {
    return rule.peers().stream().filter(p -> !p.matchesAll()).toList();
  }

  /** The peers that the rule names, each once. */
  private static Collection<Identity> matching(Rule rule, Function<Peer, List<Identity>> matching) {
    List<Peer> naming = naming(rule);
    if (naming.size() == 1) {
      return matching.apply(naming.getFirst());
    }
    var out = new LinkedHashMap<Integer, Identity>(); // by number: labels hash slowly
    naming.forEach(p -> matching.apply(p).forEach(i -> out.put(i.number(), i)));
    return out.values();
  }

  private void put(int identity, Use use) {
    named.computeIfAbsent(identity, i -> new ArrayList<>()).add(use);
  }

  private static List<Ports> parts(List<PortRange> ranges) {
    return ranges.stream().flatMap(Ports::of).distinct().toList();
  }

  /**
   * Whether the entry of a peer must know of rules for any peer: a rule that passes on would else
   * be overruled by one that it skips, and one for any peer that stands among those of a peer would
   * be taken for more specific.
   */
  boolean entangled() {
    if (mixed) {
      return true;
    }
    Set<Tier> passing = EnumSet.noneOf(Tier.class);
    passing(any, passing);
    named.values().forEach(uses -> passing(uses, passing));
    return any.stream().anyMatch(u -> passing.contains(u.rule.standing().tier()));
  }

  private static void passing(Collection<Use> uses, Set<Tier> out) {
    for (Use use : uses) {
      if (use.rule.action() == Action.PASS) {
        out.add(use.rule.standing().tier());
      }
    }
  }
}
