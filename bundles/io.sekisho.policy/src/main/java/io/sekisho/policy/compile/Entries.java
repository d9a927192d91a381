package io.sekisho.policy.compile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Entries by ports for one peer, so that the longest match is the decision. A place gets an entry
 * only if the decision there is another one than at the next place around it; where rules around a
 * place do not reach into it (a rule passed on), an entry says the default.
 */
final class Entries {
  private final Places inForce;
  private final Places withAudit;
  private final ToIntFunction<Match> ids;

  /**
   * Entries of a peer.
   *
   * @param inForce the rules that decide
   * @param withAudit those, and those under audit; the same object if there are none
   * @param ids numbers of rules
   */
  Entries(Places inForce, Places withAudit, ToIntFunction<Match> ids) {
    this.inForce = inForce;
    this.withAudit = withAudit;
    this.ids = ids;
  }

  /** Entries that stand beside those for any peer: the higher precedence decides. */
  Map<Ports, PolicyEntry> partial() {
    return entries(places(), Optional.empty());
  }

  /** Entries that alone decide about the peer, whatever there is for any peer. */
  Map<Ports, PolicyEntry> whole() {
    Set<Ports> places = places();
    places.add(Ports.ALL);
    var out = new HashMap<Ports, PolicyEntry>();
    entries(places, Optional.of(byDefault()))
        .forEach(
            (p, e) ->
                out.put(p, new PolicyEntry(e.deny(), e.audit(), Precedence.WHOLE, e.ruleId(), 0)));
    return out;
  }

  private Set<Ports> places() {
    var out = new HashSet<>(inForce.all());
    out.addAll(withAudit.all());
    if (isAuditedDefault()) {
      out.add(Ports.ALL);
    }
    return out;
  }

  private Map<Ports, PolicyEntry> entries(Set<Ports> places, Optional<PolicyEntry> always) {
    var sorted = new ArrayList<>(places);
    sorted.sort(Comparator.comparingInt(Ports::depth));
    var out = new HashMap<Ports, PolicyEntry>();
    for (Ports place : sorted) {
      Optional<PolicyEntry> around = around(place, out);
      Optional<PolicyEntry> here = decision(place);
      if (around.isEmpty()) {
        here.or(() -> always).ifPresent(e -> out.put(place, e));
      } else if (!here.orElseGet(this::byDefault).equals(around.get())) {
        out.put(place, here.orElseGet(this::byDefault));
      }
    }
    return out;
  }

  private static Optional<PolicyEntry> around(Ports place, Map<Ports, PolicyEntry> known) {
    for (int depth = place.depth() - 1; depth >= 0; depth--) {
      PolicyEntry entry = known.get(place.outer(depth));
      if (entry != null) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /**
   * The entry of a place; empty if no rule decides there and the default is that of the endpoint.
   */
  private Optional<PolicyEntry> decision(Ports place) {
    Optional<Match> real = inForce.deciding(place);
    boolean denied = real.map(m -> m.rule().deny()).orElse(inForce.isolated());
    if (inForce == withAudit || denied) {
      return real.map(m -> entry(m, false));
    }
    Optional<Match> full = withAudit.deciding(place);
    if (full.isPresent() && full.get().rule().deny()) {
      return full.map(m -> entry(m, true));
    }
    if (full.isEmpty() && withAudit.isolated()) {
      return Optional.of(new PolicyEntry(true, true, 0, RuleIds.DEFAULT_DENY, 0));
    }
    return real.map(m -> entry(m, false))
        .or(() -> isAuditedDefault() ? Optional.of(byDefault()) : Optional.empty());
  }

  private PolicyEntry entry(Match match, boolean audit) {
    return new PolicyEntry(
        match.rule().deny(), audit, match.precedence(), ids.applyAsInt(match), 0);
  }

  /** Whether only policies under audit isolate the endpoint. */
  private boolean isAuditedDefault() {
    return withAudit.isolated() && !inForce.isolated();
  }

  /** What the endpoint does where no rule decides. */
  PolicyEntry byDefault() {
    return inForce.isolated()
        ? new PolicyEntry(true, 0, RuleIds.DEFAULT_DENY, 0)
        : new PolicyEntry(false, 0, RuleIds.NOT_ENFORCED, 0);
  }

  /** Puts entries under the keys of a peer. */
  static void put(
      Map<Ports, PolicyEntry> entries,
      int identity,
      boolean egress,
      Map<PolicyKey, PolicyEntry> out) {
    entries.forEach(
        (p, e) -> out.put(new PolicyKey(identity, egress, p.protocol(), p.port(), p.length()), e));
  }

  /** The uses of two lists. */
  static List<Use> both(List<Use> one, List<Use> other) {
    var out = new ArrayList<>(one);
    out.addAll(other);
    return out;
  }
}
