package io.sekisho.policy;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One condition of a selector.
 *
 * @param key {@code source:key}, for example {@code k8s:app}; the source {@code any} means every
 * @param operator how the values are meant
 * @param values sorted; empty for {@link Operator#EXISTS} and {@link Operator#DOES_NOT_EXIST}
 */
public record Requirement(String key, Operator operator, SortedSet<String> values) {
  /** How a label is compared (the operators of Kubernetes' label selectors). */
  public enum Operator {
    IN("In"),
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    /** The word in documents. */
    public String text() {
      return text;
    }
  }

  /** Keeps an immutable copy. */
  public Requirement {
    values = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(values));
  }

  /** The condition that a label has one value. */
  public static Requirement is(String key, String value) {
    return new Requirement(key, Operator.IN, new TreeSet<>(java.util.List.of(value)));
  }

  /** The condition that a label is there. */
  public static Requirement exists(String key) {
    return new Requirement(key, Operator.EXISTS, new TreeSet<>());
  }

  /** Whether labels of pods, which all have a namespace, fulfil the condition by themselves. */
  boolean holdsForEveryPod() {
    return operator == Operator.EXISTS && key.equals("k8s:" + Labels.NAMESPACE);
  }

  /** The prefix that the condition speaks of, for a key such as {@code cidr:10.0.0.0/8}. */
  public Optional<Cidr> cidr() {
    return key.startsWith(CidrLabels.SOURCE)
        ? Optional.of(Cidr.parse(key.substring(CidrLabels.SOURCE.length())))
        : Optional.empty();
  }

  /** The label's value; a prefix is a label without value of every address inside of it. */
  private Optional<String> value(Labels labels) {
    Optional<Cidr> wanted = cidr();
    return wanted.isEmpty()
        ? labels.get(key)
        : CidrLabels.cidr(labels).filter(c -> c.inside(wanted.get())).map(c -> "");
  }

  /** Whether labels fulfil the condition; NotIn holds where the label is missing. */
  public boolean matches(Labels labels) {
    Optional<String> value = value(labels);
    return switch (operator) {
      case IN -> value.isPresent() && values.contains(value.get());
      case NOT_IN -> value.isEmpty() || !values.contains(value.get());
      case EXISTS -> value.isPresent();
      case DOES_NOT_EXIST -> value.isEmpty();
    };
  }

  /** Why labels do not fulfil the condition, as part of a sentence; empty if they do. */
  public Optional<String> miss(Labels labels) {
    if (matches(labels)) {
      return Optional.empty();
    }
    String has =
        value(labels).map(v -> shortKey() + " is '" + v + "'").orElse("it has no " + shortKey());
    return Optional.of(has + ", the rule wants " + this);
  }

  private String shortKey() {
    if (key.endsWith(":" + Labels.NAMESPACE)) {
      return "namespace";
    }
    return key.startsWith("k8s:") ? key.substring(4) : key;
  }

  /** The condition as people write it: {@code app=cart}, {@code tier in (a, b)}, {@code !debug}. */
  @Override
  public String toString() {
    return switch (operator) {
      case IN ->
          values.size() == 1
              ? shortKey() + (values.first().isEmpty() ? "" : "=" + values.first())
              : shortKey() + " in (" + String.join(", ", values) + ")";
      case NOT_IN -> shortKey() + " not in (" + String.join(", ", values) + ")";
      case EXISTS -> "has " + shortKey();
      case DOES_NOT_EXIST -> "has no " + shortKey();
    };
  }
}
