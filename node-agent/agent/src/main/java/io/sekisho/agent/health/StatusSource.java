package io.sekisho.agent.health;

/** Gives the agent's status; any thread may ask. */
@FunctionalInterface
public interface StatusSource {
  /** The status now; does not block. */
  Status status();
}
