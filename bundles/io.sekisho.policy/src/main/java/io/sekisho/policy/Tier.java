package io.sekisho.policy;

/** Groups of policies that decide one after the other: the first that has an answer decides. */
public enum Tier {
  /** Before all: what administrators decide for everybody. */
  ADMIN,
  /** Policies of namespaces and of the cluster; an endpoint that one isolates ends here. */
  NORMAL,
  /** After all: what administrators decide where nobody else does. */
  BASELINE
}
