package io.sekisho.console.graph.model;

/** What an edge says by its line, before any colour. */
public enum Look {
  /** Let through: solid. */
  FORWARDED,
  /** Not let through: dashed, with a cross. */
  DROPPED,
  /** Let through, though policy would not: dotted. */
  AUDITED,
  /** Some of it dropped: two strands. */
  MIXED,
  /** No longer seen: thin and grey. */
  STALE
}
