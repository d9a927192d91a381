package io.sekisho.console.ui;

import io.sekisho.flow.FlowRecord;

/** What is selected in a window: one thing for all views. */
public sealed interface Selected {
  /** Nothing: the details list what needs attention. */
  record Nothing() implements Selected {}

  /** A workload or something outside, by its key in the traffic graph. */
  record Workload(String key) implements Selected {}

  /** A namespace. */
  record Namespace(String name) implements Selected {}

  /** The connections from one workload to another. */
  record Connection(String clientKey, String serverKey) implements Selected {}

  /** One flow. */
  record Flow(FlowRecord flow) implements Selected {}

  /** A node of the cluster. */
  record Node(String name) implements Selected {}
}
