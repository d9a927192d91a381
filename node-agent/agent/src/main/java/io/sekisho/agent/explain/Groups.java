package io.sekisho.agent.explain;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.GroupEnd;
import io.sekisho.policy.Identity;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Tells identities by workload: those of one belong together. */
final class Groups {
  private final Census census;
  private final Map<Identity, Key> keys = new HashMap<>();

  Groups(Census census) {
    this.census = census;
  }

  /**
   * What identities have in common.
   *
   * @param namespace empty for what is no pod
   * @param name the workload's name, or words for what has none
   */
  record Key(String namespace, String name) {
    /** As people write it. */
    String words() {
      return namespace.isEmpty() ? name : namespace + "/" + name;
    }
  }

  /** Where an identity belongs. */
  Key key(Identity identity) {
    return keys.computeIfAbsent(identity, this::find);
  }

  private Key find(Identity identity) {
    Set<String> workloads =
        census.endpoints(identity).stream()
            .map(e -> e.getWorkload().isEmpty() ? e.getPod() : e.getWorkload())
            .collect(Collectors.toCollection(TreeSet::new));
    return workloads.isEmpty()
        ? new Key("", Census.words(identity.labels()))
        : new Key(identity.labels().namespace(), String.join(", ", workloads));
  }

  /** Several identities of one key. */
  GroupEnd end(Key key, Collection<Identity> members) {
    List<Endpoint> endpoints = members.stream().flatMap(i -> census.endpoints(i).stream()).toList();
    var common = new TreeSet<>(members.iterator().next().labels().texts());
    members.forEach(i -> common.retainAll(new HashSet<>(i.labels().texts())));
    return GroupEnd.newBuilder()
        .setName(key.words())
        .setNamespace(key.namespace())
        .setWorkload(key.namespace().isEmpty() ? "" : key.name())
        .addAllLabels(common)
        .setIdentities(members.size())
        .setEndpoints(endpoints.size())
        .addAllPods(
            endpoints.stream()
                .map(Census::name)
                .distinct()
                .sorted()
                .limit(Census.EXAMPLES)
                .toList())
        .build();
  }
}
