package io.sekisho.console.policy.editor.model;

/** What becomes of the traffic of a rule. */
public enum Effect {
  ALLOW,
  DENY,
  /** The next tier decides. */
  PASS
}
