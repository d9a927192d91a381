package io.sekisho.console.graph.model;

/** What stands together in one container. */
public enum Grouping {
  /** Workloads of a namespace stand in its container. */
  NAMESPACE,
  /** One node per namespace. */
  FOLDED,
  /** No containers. */
  NONE
}
