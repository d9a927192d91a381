package io.sekisho.console.core;

import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.flow.ServiceGraph;
import java.util.Map;
import java.util.Optional;

/**
 * A live connection to a cluster through any of its agents: inventory, flows and revisions. Getters
 * give immutable snapshots and never block; work is done on the session's own threads.
 */
public interface ClusterSession extends AutoCloseable {
  /** How the cluster is called and reached. */
  ConnectionProfile profile();

  /** State of the connection. */
  Link link();

  /** What is in the cluster, as last told. */
  ClusterInventory inventory();

  /** The newest flows, bounded. */
  FlowBuffer flows();

  /** Who talks to whom over the last minutes; made anew at most four times a second. */
  ServiceGraph traffic();

  /** Flows, drops and losses per second over the last minutes. */
  TrafficHistory history();

  /**
   * Nodes that do not answer, with the time since (ms since the epoch): their flows are missing.
   */
  default Map<String, Long> silent() {
    return Map.of();
  }

  /** The same of the connections from one workload to another; empty when none were seen. */
  default TrafficHistory history(String clientKey, String serverKey) {
    return TrafficHistory.EMPTY;
  }

  /** Revisions and their rollout. */
  RevisionClient revisions();

  /** Flows that the agents have recorded. */
  FlowClient recorded();

  /** Records flows as they come; that it begins or ends comes as FLOWS. */
  FlowTap tap();

  /** The cluster's API server, where the profile names one; its news come as INVENTORY. */
  default Optional<KubernetesCluster> kubernetes() {
    return Optional.empty();
  }

  /** What the API server tells, as last told; nothing where the profile names none. */
  default KubernetesObjects objects() {
    return kubernetes().map(KubernetesCluster::objects).orElse(KubernetesObjects.EMPTY);
  }

  /** Paths between endpoints. */
  PathClient paths();

  /** Questions about policies. */
  PolicyClient policies();

  /** What our certificate lets us do. */
  default Role role() {
    return Role.UNKNOWN;
  }

  /** Connects at once in place of when the wait is over, agents and API server alike. */
  default void retry() {}

  /** Calls back, on a thread of the session, when any of the snapshots is new. */
  void addListener(Listener listener);

  /** Ends calls to a listener. */
  void removeListener(Listener listener);

  @Override
  void close();

  /** What is new. */
  enum Topic {
    LINK,
    INVENTORY,
    FLOWS,
    TRAFFIC,
    REVISIONS
  }

  /** Hears that a snapshot is new; must not block. */
  @FunctionalInterface
  interface Listener {
    /** The snapshot of the topic is new. */
    void changed(Topic topic);
  }
}
