package io.sekisho.policy;

/** The list of a policy that a rule stands in: its direction and whether it allows or denies. */
public enum Section {
  INGRESS("ingress", Direction.INGRESS, false),
  EGRESS("egress", Direction.EGRESS, false),
  INGRESS_DENY("ingressDeny", Direction.INGRESS, true),
  EGRESS_DENY("egressDeny", Direction.EGRESS, true);

  private final String text;
  private final Direction direction;
  private final boolean deny;

  Section(String text, Direction direction, boolean deny) {
    this.text = text;
    this.direction = direction;
    this.deny = deny;
  }

  /** The field's name in the document. */
  public String text() {
    return text;
  }

  /** Which way the rules of the section look. */
  public Direction direction() {
    return direction;
  }

  /** Whether the rules of the section deny. */
  public boolean deny() {
    return deny;
  }
}
