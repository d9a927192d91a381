package io.sekisho.policy;

/** What a rule does with the traffic that it speaks of. */
public enum Action {
  /** It passes, unless a stronger rule denies. */
  ALLOW,
  /** It is dropped. */
  DENY,
  /** The rest of the rule's tier is skipped: the next tier decides. */
  PASS
}
