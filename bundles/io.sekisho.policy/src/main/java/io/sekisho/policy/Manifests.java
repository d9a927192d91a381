package io.sekisho.policy;

import io.sekisho.policy.parse.WorkloadReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * What a folder of manifests holds: documents, and workloads whose pods they speak of.
 *
 * @param parsed the documents and every problem of all texts
 * @param workloads what makes pods
 * @param skipped kinds that are neither, which were not looked at
 */
public record Manifests(Parsed parsed, List<Workload> workloads, SortedSet<String> skipped) {
  /** Keeps immutable copies. */
  public Manifests {
    workloads = List.copyOf(workloads);
  }

  /**
   * Reads YAML streams of manifests of any kind; never throws on what is written there.
   *
   * @param texts YAML streams; problems name them by place
   */
  public static Manifests read(List<String> texts) {
    return WorkloadReader.read(texts);
  }

  /** One identity for each set of labels that pods of the workloads have. */
  public List<Identity> identities() {
    var out = new ArrayList<Identity>();
    for (Labels labels :
        workloads.stream()
            .map(Workload::labels)
            .collect(Collectors.toCollection(LinkedHashSet::new))) {
      out.add(new Identity(Identity.FIRST_CLUSTER + out.size(), labels));
    }
    return out;
  }
}
