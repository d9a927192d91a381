package io.sekisho.agent.datapath;

/**
 * Brings what old maps hold into a new one, while programs go on using the old ones.
 *
 * <p>The new map is pinned beside the old one until all programs use it, then takes over its pin in
 * one step; an agent that dies in between leaves both, and the next one goes on from there.
 */
sealed interface Migration extends AutoCloseable permits MapMigration, ConnectionMigration {
  /** Carries over what the new map does not have yet; never what programs wrote into it. */
  void copy();

  /** Every program uses the new map: carries over the last entries and gives it the pin. */
  void finish();

  @Override
  void close();
}
