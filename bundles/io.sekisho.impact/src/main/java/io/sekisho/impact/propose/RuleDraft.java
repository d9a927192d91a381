package io.sekisho.impact.propose;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Entity;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Requirement;
import java.util.List;

/**
 * A rule to be written: peers of one kind, and ports.
 *
 * @param comments lines above it
 * @param selectors peers by labels
 * @param entities peers by name
 * @param nets peers by prefix
 * @param ports all of one kind: ICMP types or ports; none means every port
 */
record RuleDraft(
    List<String> comments,
    List<PodSelector> selectors,
    List<Entity> entities,
    List<Cidr> nets,
    List<PortRange> ports) {
  RuleDraft {
    comments = List.copyOf(comments);
    selectors = List.copyOf(selectors);
    entities = List.copyOf(entities);
    nets = List.copyOf(nets);
    ports = List.copyOf(ports);
  }

  /** Pods of a namespace that meet conditions. */
  record PodSelector(String namespace, List<Requirement> conditions) {}
}
