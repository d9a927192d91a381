package io.sekisho.policy.parse;

import io.sekisho.policy.Labels;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Requirement.Operator;
import io.sekisho.policy.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Label selectors of one document to {@link Selector}s, confined as the document's kind demands.
 */
final class SelectorReader {
  private static final Set<String> FIELDS = Set.of("matchLabels", "matchExpressions");
  private static final Set<String> EXPRESSION_FIELDS = Set.of("key", "operator", "values");
  private static final List<String> SOURCES = List.of("k8s", "any", "reserved");
  private static final String NAMESPACE = "k8s:" + Labels.NAMESPACE;
  private static final String NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels.";

  /** Kubernetes' label names: optional DNS prefix, then at most 63 characters. */
  private static final Pattern NAME =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

  private final String namespace;
  private final Findings findings;

  /**
   * A reader for one document.
   *
   * @param namespace the document's namespace, empty for one of the whole cluster
   */
  SelectorReader(String namespace, Findings findings) {
    this.namespace = namespace;
    this.findings = findings;
  }

  /** The selector of the endpoints that a spec speaks of. */
  Selector subject(Node node) {
    List<Requirement> requirements = read(node, "the endpointSelector");
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

  /**
   * A selector of peers. Without a word about the namespace it means that of the document; in a
   * document of the whole cluster, endpoints of any namespace, but neither nodes nor the world.
   */
  Selector peer(Node node) {
    List<Requirement> requirements = read(node, "the selector");
    if (requirements.stream().noneMatch(SelectorReader::saysWhere)) {
      requirements.add(
          namespace.isEmpty()
              ? Requirement.exists(NAMESPACE)
              : Requirement.is(NAMESPACE, namespace));
    }
    return Selector.of(requirements);
  }

  private static boolean saysWhere(Requirement requirement) {
    String key = requirement.key();
    return key.equals(NAMESPACE)
        || key.startsWith("reserved:")
        || key.startsWith("k8s:" + NAMESPACE_LABELS)
        || key.startsWith("any:" + NAMESPACE_LABELS);
  }

  private List<Requirement> read(Node node, String what) {
    var out = new ArrayList<Requirement>();
    Optional<Fields> fields = Fields.of(node, what, FIELDS, Set.of(), findings);
    if (fields.isEmpty()) {
      return out;
    }
    fields
        .get()
        .value("matchLabels")
        .flatMap(m -> Fields.any(m, "'matchLabels'", findings))
        .ifPresent(labels -> readLabels(labels, out));
    for (Node item : fields.get().list("matchExpressions").orElse(List.of())) {
      readExpression(item).ifPresent(out::add);
    }
    return out;
  }

  private void readLabels(Fields labels, List<Requirement> out) {
    for (String name : labels.names()) {
      Optional<String> key = key(labels.key(name), name);
      Optional<String> value = labels.text(name);
      value.ifPresent(v -> checkValue(labels.value(name).orElse(labels.node()), v));
      if (key.isPresent() && value.isPresent()) {
        out.add(Requirement.is(key.get(), value.get()));
      }
    }
  }

  private Optional<Requirement> readExpression(Node node) {
    Optional<Fields> read = Fields.of(node, "an expression", EXPRESSION_FIELDS, Set.of(), findings);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = read.get();
    Optional<String> key =
        fields
            .requiredText("key", "the expression")
            .flatMap(k -> key(fields.value("key").orElse(node), k));
    Optional<Operator> operator =
        fields
            .requiredText("operator", "the expression")
            .flatMap(o -> operator(fields.value("operator").orElse(node), o));
    var values = new TreeSet<String>();
    for (Node item : fields.list("values").orElse(List.of())) {
      Fields.text(item, "a value", findings)
          .filter(v -> checkValue(item, v))
          .ifPresent(values::add);
    }
    operator.ifPresent(o -> checkCount(fields, o, values));
    return key.isEmpty() || operator.isEmpty()
        ? Optional.empty()
        : Optional.of(new Requirement(key.get(), operator.get(), values));
  }

  private void checkCount(Fields fields, Operator operator, Set<String> values) {
    boolean wants = operator == Operator.IN || operator == Operator.NOT_IN;
    if (wants && values.isEmpty()) {
      findings.error(
          fields.node(), "the operator " + operator.text() + " needs at least one of 'values'");
    } else if (!wants && !values.isEmpty()) {
      findings.error(
          fields.key("values"), "the operator " + operator.text() + " takes no 'values'");
    }
  }

  private Optional<Operator> operator(Node place, String text) {
    Optional<Operator> found =
        Arrays.stream(Operator.values()).filter(o -> o.text().equals(text)).findFirst();
    if (found.isEmpty()) {
      List<String> known = Arrays.stream(Operator.values()).map(Operator::text).toList();
      findings.error(
          place,
          "there is no operator '" + text + "', only " + String.join(", ", known),
          DidYouMean.nearest(text, known));
    }
    return found;
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
    if (!NAME.matcher(name).matches()) {
      findings.error(
          place,
          "'" + name + "' is no label name: letters, digits and -_. after an optional prefix/");
      return Optional.empty();
    }
    return Optional.of(name.equals(Labels.NAMESPACE) ? NAMESPACE : source + ":" + name);
  }

  private boolean checkValue(Node place, String value) {
    if (VALUE.matcher(value).matches()) {
      return true;
    }
    findings.error(place, "'" + value + "' is no label value: at most 63 letters, digits and -_.");
    return false;
  }
}
