package io.sekisho.agent.kubernetes;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which labels of pods and namespaces become security labels. Labels that differ from pod to pod
 * would give each pod an identity of its own. The first pattern that matches the whole key decides,
 * of the included ones, then of the excluded ones; a key that none matches is taken.
 */
public final class LabelFilter {
  /** Keys that controllers give each pod a value of its own, or each version of a workload. */
  private static final List<String> USUALLY_EXCLUDED =
      List.of(
          "pod-template-hash",
          "pod-template-generation",
          "controller-revision-hash",
          "controller-uid",
          "job-name",
          "statefulset\\.kubernetes\\.io/pod-name",
          "apps\\.kubernetes\\.io/pod-index",
          "batch\\.kubernetes\\.io/.*",
          "topology\\.kubernetes\\.io/.*",
          "kubectl\\.kubernetes\\.io/.*",
          "annotation.*");

  private final List<Pattern> include;
  private final List<Pattern> exclude;

  /**
   * A filter by regular expressions.
   *
   * @param exclude empty for the usual ones
   */
  public LabelFilter(List<Pattern> include, List<Pattern> exclude) {
    this.include = List.copyOf(include);
    this.exclude =
        exclude.isEmpty()
            ? USUALLY_EXCLUDED.stream().map(Pattern::compile).toList()
            : List.copyOf(exclude);
  }

  /** Whether a label with this key is taken. */
  boolean takes(String key) {
    return matches(include, key) || !matches(exclude, key);
  }

  private static boolean matches(List<Pattern> patterns, String key) {
    return patterns.stream().anyMatch(p -> p.matcher(key).matches());
  }
}
