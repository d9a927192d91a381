package io.sekisho.policy.compile;

import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Requirement.Operator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the specs that select an endpoint; those confined to a namespace are kept by it. */
final class SubjectIndex {
  private static final String NAMESPACE = "k8s:" + Labels.NAMESPACE;

  private final Map<String, List<PolicySpec>> byNamespace = new HashMap<>();
  private final List<PolicySpec> others = new ArrayList<>();

  SubjectIndex(Collection<PolicyDocument> documents) {
    for (PolicyDocument document : documents) {
      document.specs().forEach(this::add);
    }
  }

  private void add(PolicySpec spec) {
    spec.subject().requirements().stream()
        .filter(SubjectIndex::isNamespace)
        .findFirst()
        .ifPresentOrElse(
            r ->
                r.values()
                    .forEach(
                        ns -> byNamespace.computeIfAbsent(ns, k -> new ArrayList<>()).add(spec)),
            () -> others.add(spec));
  }

  private static boolean isNamespace(Requirement requirement) {
    return requirement.key().equals(NAMESPACE) && requirement.operator() == Operator.IN;
  }

  /** The specs whose subject matches. */
  List<PolicySpec> selecting(Labels endpoint) {
    var out = new ArrayList<PolicySpec>();
    for (PolicySpec spec : byNamespace.getOrDefault(endpoint.namespace(), List.of())) {
      addIf(spec, endpoint, out);
    }
    others.forEach(spec -> addIf(spec, endpoint, out));
    return out;
  }

  private static void addIf(PolicySpec spec, Labels endpoint, List<PolicySpec> out) {
    if (spec.selects(endpoint)) {
      out.add(spec);
    }
  }
}
