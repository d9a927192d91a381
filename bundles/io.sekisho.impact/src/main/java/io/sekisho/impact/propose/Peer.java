package io.sekisho.impact.propose;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Entity;
import java.util.SortedMap;

/** Who is at the other end, as a document can name it. */
sealed interface Peer {
  /**
   * Pods of a workload.
   *
   * @param labels as {@link WorkloadLabels} has them
   */
  record Pods(String namespace, SortedMap<String, String> labels) implements Peer {}

  /** A group with a name. */
  record Group(Entity entity) implements Peer {}

  /** A prefix outside of the cluster. */
  record Net(Cidr cidr) implements Peer {}
}
