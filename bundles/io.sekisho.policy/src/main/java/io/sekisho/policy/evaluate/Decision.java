package io.sekisho.policy.evaluate;

/** What decided about a connection. */
public enum Decision {
  /** A rule allows it. */
  ALLOWED(true, "allowed by"),
  /** A rule denies it. */
  DENIED(false, "denied by"),
  /** A policy under audit would drop it; it passes and is reported. */
  AUDITED(true, "passes under audit, else denied"),
  /** A policy selects the endpoint, and no rule allows it. */
  DEFAULT_DENY(false, "default deny"),
  /** No policy selects the endpoint in this direction. */
  NOT_ENFORCED(true, "no policy selects the endpoint"),
  /** It comes from the endpoint's own node. */
  LOCAL_HOST(true, "the endpoint's own node always passes"),
  /** It is a node's own, on a port that passes whatever documents say. */
  FAIL_SAFE(true, "a fail-safe port of the node always passes");

  private final boolean allows;
  private final String text;

  Decision(boolean allows, String text) {
    this.allows = allows;
    this.text = text;
  }

  /** Whether the connection passes. */
  public boolean allows() {
    return allows;
  }

  /** In words; a rule's name may follow {@link #ALLOWED}, {@link #DENIED} and {@link #AUDITED}. */
  public String text() {
    return text;
  }
}
