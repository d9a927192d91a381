package io.sekisho.console.ui;

import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.Party;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is selected in a window: one thing for all views. */
public sealed interface Selected {
  /** Nothing: the details list what needs attention. */
  record Nothing() implements Selected {}

  /** A workload or something outside, by its key in the traffic graph. */
  record Workload(String key) implements Selected {}

  /**
   * One pod.
   *
   * @param workload name of what it belongs to
   */
  record Pod(String namespace, String name, String workload) implements Selected {
    /** Key of its workload in the traffic graph. */
    public String key() {
      return namespace + "/" + workload;
    }

    /** Whether it is this end of a flow. */
    public boolean is(Party end) {
      return end.namespace().equals(namespace) && end.pod().equals(name);
    }
  }

  /**
   * A service.
   *
   * @param workloads keys in the traffic graph of what was behind it when it was selected
   */
  record Service(String namespace, String name, Set<String> workloads) implements Selected {
    public Service {
      workloads = Set.copyOf(workloads);
    }

    /** The service, with the pods that are behind it now. */
    public static Service of(
        KubernetesObjects.Service service, List<KubernetesObjects.Pod> behind) {
      return new Service(
          service.namespace(),
          service.name(),
          behind.stream().map(KubernetesObjects.Pod::workloadKey).collect(Collectors.toSet()));
    }
  }

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
