package io.sekisho.policy.compile;

import io.sekisho.policy.Direction;
import io.sekisho.policy.PolicySpec;
import java.util.List;

/**
 * What specs say about an endpoint in one direction: those in force, and with those under audit,
 * which only report what they would drop.
 *
 * @param inForce decides
 * @param withAudit would decide if nothing were under audit; the same object if nothing is
 */
public record Rulings(Ruling inForce, Ruling withAudit) {

  /** What the specs that select an endpoint say. */
  public static Rulings of(List<PolicySpec> specs, Direction direction) {
    List<PolicySpec> inForce = specs.stream().filter(s -> !s.standing().audit()).toList();
    Ruling real = Ruling.of(inForce, direction);
    return new Rulings(real, inForce.size() == specs.size() ? real : Ruling.of(specs, direction));
  }

  /** Nothing is said. */
  static final Rulings NONE = of(List.of(), Direction.INGRESS);

  /** The same rules for an endpoint that passes only what they allow. */
  Rulings isolated() {
    Ruling real = new Ruling(true, inForce.rules());
    return new Rulings(real, audits() ? new Ruling(true, withAudit.rules()) : real);
  }

  /** Whether a spec is under audit. */
  public boolean audits() {
    return inForce != withAudit;
  }

  /** Whether nothing is decided: everything passes unseen. */
  public boolean open() {
    return !withAudit.isolated() && withAudit.rules().isEmpty();
  }
}
