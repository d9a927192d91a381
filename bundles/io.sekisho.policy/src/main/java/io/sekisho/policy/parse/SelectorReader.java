package io.sekisho.policy.parse;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Cilium's label selectors to {@link Selector}s, confined as the document's kind demands. */
final class SelectorReader {
  private static final List<String> SOURCES = List.of("k8s", "any", "reserved", "cidr");
  private static final String NAMESPACE = "k8s:" + Labels.NAMESPACE;
  private static final String NAMESPACE_LABELS = Labels.NAMESPACE_LABELS;

  private final String namespace;
  private final Findings findings;
  private final LabelReader labels;

  /**
   * A reader for one document.
   *
   * @param namespace the document's namespace, empty for one of the whole cluster
   */
  SelectorReader(String namespace, Findings findings) {
    this.namespace = namespace;
    this.findings = findings;
    this.labels = new LabelReader(this::key, findings);
  }

  /** The selector of the endpoints that a spec speaks of. */
  Selector subject(Node node) {
    List<Requirement> requirements = labels.read(node, "the endpointSelector");
    requirements.stream()
        .filter(r -> r.key().startsWith("cidr:"))
        .findFirst()
        .ifPresent(r -> findings.error(node, "an endpoint has no label '" + r.key() + "'"));
    requirements.stream()
        .filter(r -> r.key().equals(NodeLabels.HOST))
        .findFirst()
        .ifPresent(r -> findings.error(node, "nodes are selected by a 'nodeSelector'"));
    if (namespace.isEmpty()) {
      return Selector.of(requirements);
    }
    Requirement own = Requirement.is(NAMESPACE, namespace);
    for (Requirement requirement : requirements) {
      if (requirement.key().equals(NAMESPACE) && !requirement.equals(own)) {
        findings.error(
            node,
            "the document selects endpoints of its own namespace '"
                + namespace
                + "' only; for others write a document there, or a clusterwide one");
      }
    }
    requirements.add(own);
    return Selector.of(requirements);
  }

  /** The selector of the nodes that a spec speaks of. */
  Selector nodes(Node node) {
    var requirements =
        new ArrayList<>(
            new LabelReader(new NodeKey(findings), findings).read(node, "the nodeSelector"));
    requirements.add(Requirement.exists(NodeLabels.HOST));
    return Selector.of(requirements);
  }

  /**
   * A selector of peers. Without a word about the namespace it means that of the document; in a
   * document of the whole cluster, endpoints of any namespace, but neither nodes nor the world.
   */
  Selector peer(Node node) {
    List<Requirement> requirements = labels.read(node, "the selector");
    if (requirements.stream().noneMatch(SelectorReader::saysWhere)) {
      requirements.add(
          namespace.isEmpty()
              ? Requirement.exists(NAMESPACE)
              : Requirement.is(NAMESPACE, namespace));
    }
    return Selector.of(requirements);
  }

  /** Conditions on labels of anything, confined to nothing. */
  List<Requirement> labels(Node node) {
    return labels.read(node, "the selector");
  }

  private static boolean saysWhere(Requirement requirement) {
    String key = requirement.key();
    return key.equals(NAMESPACE)
        || key.startsWith("reserved:")
        || key.startsWith("cidr:")
        || key.startsWith("k8s:" + NAMESPACE_LABELS)
        || key.startsWith("any:" + NAMESPACE_LABELS);
  }

  /** The key with its source; what has none is of Kubernetes. */
  private Optional<String> key(Node place, String text) {
    int colon = text.indexOf(':');
    String source = colon < 0 ? "k8s" : text.substring(0, colon);
    String name = text.substring(colon + 1);
    if (!SOURCES.contains(source)) {
      findings.error(
          place,
          "'" + source + "' is no source of labels, only " + String.join(", ", SOURCES),
          DidYouMean.nearest(source, SOURCES));
      return Optional.empty();
    }
    if (source.equals("cidr")) {
      return cidr(place, name);
    }
    if (!LabelReader.isName(name)) {
      findings.error(
          place,
          "'" + name + "' is no label name: letters, digits and -_. after an optional prefix/");
      return Optional.empty();
    }
    return Optional.of(name.equals(Labels.NAMESPACE) ? NAMESPACE : source + ":" + name);
  }

  private Optional<String> cidr(Node place, String name) {
    try {
      return Optional.of("cidr:" + Cidr.parse(name));
    } catch (IllegalArgumentException e) {
      findings.error(place, e.getMessage());
      return Optional.empty();
    }
  }
}
