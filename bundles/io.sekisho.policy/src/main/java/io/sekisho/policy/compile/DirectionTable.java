package io.sekisho.policy.compile;

import io.sekisho.policy.Identity;
import io.sekisho.policy.PortRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Makes the entries of one endpoint in one direction, so that a longest-prefix lookup decides as
 * the rules do.
 *
 * <p>The lookup knows the longest match for the peer and the longest match for any peer, and obeys
 * the higher precedence. {@link Entries} of a peer hold at each place the strongest of the rules
 * that name the peer; so do those for any peer; the stronger of both is then the strongest of all.
 * That is not enough where a rule passes on or policies are under audit. Then the entries of a peer
 * take the rules for any peer into account and outrank them.
 *
 * <p>Rules for every pod stand once, under {@link Identity#EVERY_POD}, which the lookup asks where
 * a pod has no entry of its own; those of a pod that rules name hold what is said of every pod,
 * too. With policies under audit, or rules that pass on, they stand at each pod.
 *
 * <p>Prefixes of blocks have entries of their own, which allow, or would if nothing were under
 * audit. They are asked for the peer's address where the default would drop, be it the default as
 * an entry: a rule of the other tiers or a denial goes before them, and who is allowed by his
 * labels needs none.
 *
 * <p>What no rule decides says an entry too, though the endpoint's flags say the same: so
 * exchanging tables alone brings the new meaning, whatever the flags say at that moment.
 */
final class DirectionTable {
  private final Scopes inForce;
  private final Scopes withAudit;
  private final ToIntFunction<Match> ids;

  DirectionTable(Scopes inForce, Scopes withAudit, ToIntFunction<Match> ids) {
    this.inForce = inForce;
    this.withAudit = withAudit;
    this.ids = ids;
  }

  /** The rules of a peer: two peers with the same rules have the same entries. */
  private record Rules(List<Use> inForce, List<Use> withAudit) {}

  /** Adds the entries. */
  void addTo(boolean egress, Map<PolicyKey, PolicyEntry> out) {
    boolean whole = inForce != withAudit || inForce.entangled();
    Entries any = entries(new Rules(inForce.any(), withAudit.any()));
    Entries.put(any.partial(), 0, egress, out);
    out.putIfAbsent(new PolicyKey(0, egress, 0, 0, 0), any.byDefault());
    if (!inForce.pods().isEmpty()) {
      Entries.put(
          entries(new Rules(inForce.pods(), inForce.pods())).partial(),
          Identity.EVERY_POD,
          egress,
          out);
    }
    groups()
        .forEach(
            (rules, members) -> {
              Map<Ports, PolicyEntry> entries =
                  whole ? entries(withAny(rules)).whole() : entries(rules).partial();
              members.forEach(peer -> Entries.put(entries, peer, egress, out));
            });
    blocks().forEach((number, entries) -> Entries.put(entries, number, egress, out));
  }

  /**
   * What passes by addresses, for each prefix, where the default would drop; the lookup asks them
   * last. If only policies under audit would drop, their blocks lift that, and nothing else.
   */
  private Map<Integer, Map<Ports, PolicyEntry>> blocks() {
    Scopes asked = inForce.isolated() ? inForce : withAudit;
    var known = new HashMap<Rules, Map<Ports, PolicyEntry>>();
    var out = new HashMap<Integer, Map<Ports, PolicyEntry>>();
    for (int number : asked.isolated() ? asked.blocks() : Set.<Integer>of()) {
      var rules = new Rules(asked.blocks(number), withAudit.blocks(number));
      out.put(number, known.computeIfAbsent(rules, this::byAddress));
    }
    return out;
  }

  private Map<Ports, PolicyEntry> byAddress(Rules rules) {
    var asked = new Places(rules.inForce(), true);
    return inForce.isolated() && inForce != withAudit
        ? new Entries(asked, new Places(rules.withAudit(), true), ids).partial()
        : new Entries(asked, asked, inForce.isolated() ? ids : m -> RuleIds.NOT_ENFORCED).partial();
  }

  /** The peers that rules name, those with the same rules together. */
  private Map<Rules, List<Integer>> groups() {
    boolean audits = inForce != withAudit;
    var peers = new HashSet<>(inForce.identities());
    peers.addAll(withAudit.identities());
    var groups = new HashMap<Rules, List<Integer>>();
    for (int peer : peers) {
      groups
          .computeIfAbsent(
              new Rules(inForce.named(peer), audits ? withAudit.named(peer) : List.of()),
              r -> new ArrayList<>())
          .add(peer);
    }
    return groups;
  }

  /** What passes, for each peer. */
  PeerVerdicts verdicts() {
    var named = new HashMap<Integer, List<PeerVerdicts.Verdict>>();
    groups()
        .forEach(
            (rules, members) -> {
              List<PeerVerdicts.Verdict> verdicts = verdicts(withAny(rules));
              members.forEach(peer -> named.put(peer, verdicts));
            });
    var addresses = new HashMap<Integer, List<PeerVerdicts.Verdict>>();
    blocks().forEach((number, entries) -> addresses.put(number, verdicts(entries)));
    return new PeerVerdicts(named, verdicts(new Rules(inForce.any(), withAudit.any())), addresses);
  }

  private List<PeerVerdicts.Verdict> verdicts(Rules rules) {
    return verdicts(entries(rules).whole());
  }

  private static List<PeerVerdicts.Verdict> verdicts(Map<Ports, PolicyEntry> entries) {
    return entries.entrySet().stream()
        .sorted(Comparator.comparingInt(e -> e.getKey().depth()))
        .map(e -> verdict(e.getKey().range(), e.getValue()))
        .toList();
  }

  private static PeerVerdicts.Verdict verdict(PortRange ports, PolicyEntry entry) {
    boolean dropped = !entry.passes();
    return new PeerVerdicts.Verdict(
        ports, !dropped, dropped && entry.ruleId() == RuleIds.DEFAULT_DENY);
  }

  private Rules withAny(Rules rules) {
    return new Rules(
        Entries.both(rules.inForce(), inForce.any()),
        Entries.both(rules.withAudit(), withAudit.any()));
  }

  private Entries entries(Rules rules) {
    var real = new Places(rules.inForce(), inForce.isolated());
    return new Entries(
        real,
        inForce == withAudit ? real : new Places(rules.withAudit(), withAudit.isolated()),
        ids);
  }
}
