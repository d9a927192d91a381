package io.sekisho.console.policy.editor.edit;

import io.sekisho.console.policy.editor.model.Condition;
import io.sekisho.console.policy.editor.yaml.Value;
import io.sekisho.console.policy.editor.yaml.Value.Fields;
import io.sekisho.console.policy.editor.yaml.Value.Items;
import io.sekisho.console.policy.editor.yaml.Value.Scalar;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Requirement.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * {@code matchLabels} and {@code matchExpressions} to conditions and back.
 *
 * @param ours from a key as written to the key of a {@link Condition}
 * @param written the way back
 */
record LabelSelector(UnaryOperator<String> ours, UnaryOperator<String> written) {
  private static final String LABELS = "matchLabels";
  private static final String EXPRESSIONS = "matchExpressions";
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  /** Selectors of Cilium's kinds, which know sources. */
  static final LabelSelector CILIUM =
      new LabelSelector(LabelSelector::ciliumOurs, LabelSelector::ciliumWritten);

  /** Selectors of pods in Kubernetes' kinds. */
  static final LabelSelector PODS = new LabelSelector(k -> k, k -> k);

  /** Selectors of namespaces in Kubernetes' kinds. */
  static final LabelSelector NAMESPACES =
      new LabelSelector(
          k -> k.equals(NAME_LABEL) ? Condition.NAMESPACE : Condition.NAMESPACE_LABEL + k,
          k ->
              k.equals(Condition.NAMESPACE)
                  ? NAME_LABEL
                  : k.substring(Condition.NAMESPACE_LABEL.length()));

  private static String ciliumOurs(String key) {
    String bare = key.startsWith("k8s:") ? key.substring("k8s:".length()) : key;
    if (bare.equals(Labels.NAMESPACE)) {
      return Condition.NAMESPACE;
    }
    return bare.startsWith(Labels.NAMESPACE_LABELS)
        ? Condition.NAMESPACE_LABEL + bare.substring(Labels.NAMESPACE_LABELS.length())
        : bare;
  }

  private static String ciliumWritten(String key) {
    if (key.equals(Condition.NAMESPACE)) {
      return "k8s:" + Labels.NAMESPACE;
    }
    return key.startsWith(Condition.NAMESPACE_LABEL)
        ? "k8s:" + Labels.NAMESPACE_LABELS + key.substring(Condition.NAMESPACE_LABEL.length())
        : key;
  }

  /** The conditions of a selector; what can't be read is left out. */
  List<Condition> read(Fields selector) {
    List<Condition> out = new ArrayList<>();
    selector
        .map(LABELS)
        .ifPresent(
            m ->
                m.fields()
                    .forEach(
                        (k, v) -> {
                          if (v instanceof Scalar s) {
                            out.add(Condition.is(ours.apply(k), s.text()));
                          }
                        }));
    selector.list(EXPRESSIONS).forEach(e -> expression(e).ifPresent(out::add));
    return List.copyOf(out);
  }

  private Optional<Condition> expression(Value value) {
    if (!(value instanceof Fields f)) {
      return Optional.empty();
    }
    List<String> values =
        f.list("values").stream()
            .filter(Scalar.class::isInstance)
            .map(v -> ((Scalar) v).text())
            .toList();
    return Arrays.stream(Operator.values())
        .filter(o -> o.text().equals(f.text("operator")))
        .findFirst()
        .map(o -> new Condition(ours.apply(f.text("key")), o, values));
  }

  /** A selector that says the conditions; what the old one says already stays as it is. */
  Fields write(Fields old, List<Condition> wanted) {
    Fields labels = old.map(LABELS).orElse(Fields.NONE);
    List<Condition> left = new ArrayList<>(wanted);
    for (var entry : labels.fields().entrySet()) {
      String key = ours.apply(entry.getKey());
      Optional<Condition> same =
          left.stream().filter(c -> c.key().equals(key) && isLabel(c)).findFirst();
      labels =
          same.isPresent()
              ? labels.with(entry.getKey(), Value.text(same.get().values().getFirst()))
              : labels.without(entry.getKey());
      same.ifPresent(left::remove);
    }
    List<Value> expressions = new ArrayList<>();
    for (Value e : old.list(EXPRESSIONS)) {
      if (expression(e).filter(left::remove).isPresent()) {
        expressions.add(e);
      }
    }
    for (Condition c : left) {
      String key = written.apply(c.key());
      if (isLabel(c) && !labels.has(key)) {
        labels = labels.with(key, Value.text(c.values().getFirst()));
      } else {
        expressions.add(expression(c));
      }
    }
    Fields out = labels.fields().isEmpty() ? old.without(LABELS) : old.with(LABELS, labels);
    return expressions.isEmpty()
        ? out.without(EXPRESSIONS)
        : out.with(EXPRESSIONS, new Items(expressions));
  }

  private static boolean isLabel(Condition c) {
    return c.operator() == Operator.IN && c.values().size() == 1;
  }

  private Value expression(Condition c) {
    Fields out =
        Value.field("key", Value.text(written.apply(c.key())))
            .with("operator", Value.text(c.operator().text()));
    return c.values().isEmpty()
        ? out
        : out.with("values", new Items(c.values().stream().<Value>map(Value::text).toList()));
  }
}
