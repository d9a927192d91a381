package io.sekisho.policy.parse;

import io.sekisho.policy.Requirement;
import io.sekisho.policy.Requirement.Operator;
import io.sekisho.policy.grammar.Selectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** Label selectors, {@code matchLabels} and {@code matchExpressions}, to conditions. */
final class LabelReader {
  /** Kubernetes' label names: optional DNS prefix, then at most 63 characters. */
  private static final Pattern NAME =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

  /** Gives a label's name, as it is written, its source; empty, with a finding, if it has none. */
  @FunctionalInterface
  interface Key {
    Optional<String> of(Node place, String written);
  }

  private final Key key;
  private final Findings findings;

  LabelReader(Key key, Findings findings) {
    this.key = key;
    this.findings = findings;
  }

  /** Checks the name of a label without source. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The conditions of a selector. */
  List<Requirement> read(Node node, String what) {
    var out = new ArrayList<Requirement>();
    Optional<Fields> fields = Fields.of(node, what, Selectors.LABEL_SELECTOR, findings);
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
      Optional<String> full = key.of(labels.key(name), name);
      Optional<String> value = labels.text(name);
      value.ifPresent(v -> checkValue(labels.value(name).orElse(labels.node()), v));
      if (full.isPresent() && value.isPresent()) {
        out.add(Requirement.is(full.get(), value.get()));
      }
    }
  }

  private Optional<Requirement> readExpression(Node node) {
    Optional<Fields> read = Fields.of(node, "an expression", Selectors.EXPRESSION, findings);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = read.get();
    Optional<String> full =
        fields
            .requiredText("key", "the expression")
            .flatMap(k -> key.of(fields.value("key").orElse(node), k));
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
    return full.isEmpty() || operator.isEmpty()
        ? Optional.empty()
        : Optional.of(new Requirement(full.get(), operator.get(), values));
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

  private boolean checkValue(Node place, String value) {
    if (VALUE.matcher(value).matches()) {
      return true;
    }
    findings.error(place, "'" + value + "' is no label value: at most 63 letters, digits and -_.");
    return false;
  }
}
