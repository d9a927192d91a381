package io.sekisho.policy.parse;

import io.sekisho.policy.Labels;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Kubernetes' label selectors of pods and of namespaces to {@link Selector}s. Labels of a namespace
 * are those that its pods carry with the prefix {@link Labels#NAMESPACE_LABELS}; its name is known
 * without.
 */
final class PodSelectorReader {
  private static final String NAMESPACE = "k8s:" + Labels.NAMESPACE;

  /** The label that the API server puts on each namespace: its name. */
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  private final Findings findings;
  private final LabelReader pods;
  private final LabelReader namespaces;

  PodSelectorReader(Findings findings) {
    this.findings = findings;
    this.pods = new LabelReader(this::podKey, findings);
    this.namespaces = new LabelReader(this::namespaceKey, findings);
  }

  /** Conditions on the labels of pods. */
  List<Requirement> pods(Node node) {
    return pods.read(node, "the podSelector");
  }

  /** Conditions on namespaces; met by pods only. */
  List<Requirement> namespaces(Node node) {
    var out = new ArrayList<>(namespaces.read(node, "the namespaceSelector"));
    out.add(Requirement.exists(NAMESPACE));
    return out;
  }

  /** The condition that a pod is of a namespace. */
  static Requirement namespace(String name) {
    return Requirement.is(NAMESPACE, name);
  }

  /** The condition that something is a pod. */
  static Requirement anyNamespace() {
    return Requirement.exists(NAMESPACE);
  }

  private Optional<String> podKey(Node place, String text) {
    return name(place, text).map(n -> "k8s:" + n);
  }

  private Optional<String> namespaceKey(Node place, String text) {
    return name(place, text)
        .map(n -> n.equals(NAME_LABEL) ? NAMESPACE : "k8s:" + Labels.NAMESPACE_LABELS + n);
  }

  private Optional<String> name(Node place, String text) {
    if (LabelReader.isName(text)) {
      return Optional.of(text);
    }
    findings.error(
        place,
        "'" + text + "' is no label name: letters, digits and -_. after an optional prefix/");
    return Optional.empty();
  }
}
