package io.sekisho.console.ui;

import io.sekisho.flow.FlowRecord;
import java.util.List;
import java.util.Optional;

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

  /**
   * Flows that were picked elsewhere, such as those that a draft would drop; they may be older than
   * what the session holds.
   *
   * @param ends whose connection they are of; empty if they are of several
   * @param title what they are, for a chip
   */
  record Flows(Optional<Connection> ends, String title, List<FlowRecord> newestFirst)
      implements Selected {
    public Flows {
      newestFirst = List.copyOf(newestFirst);
    }
  }

  /** A node of the cluster. */
  record Node(String name) implements Selected {}
}
