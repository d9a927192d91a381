package io.sekisho.console.policy.editor.model;

import io.sekisho.policy.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;

/**
 * One condition of a selector as people write it.
 *
 * @param key a label of pods; {@link #NAMESPACE} for the namespace, {@code ns:key} for a label of
 *     the namespace
 * @param operator how the values are meant
 * @param values in the order of the document
 */
public record Condition(String key, Operator operator, List<String> values) {
  /** The key that means the namespace of a pod. */
  public static final String NAMESPACE = "namespace";

  /** Before the key of a namespace's label. */
  public static final String NAMESPACE_LABEL = "ns:";

  /** Keeps an immutable copy. */
  public Condition {
    values = List.copyOf(values);
  }

  /** The condition that a label has a value. */
  public static Condition is(String key, String value) {
    return new Condition(key, Operator.IN, List.of(value));
  }

  /** Whether it speaks of the namespace, not of the pod itself. */
  public boolean ofNamespace() {
    return key.equals(NAMESPACE) || key.startsWith(NAMESPACE_LABEL);
  }

  /** {@code app=cart}, {@code tier in (a, b)}, {@code has debug}, {@code has no debug}. */
  @Override
  public String toString() {
    return switch (operator) {
      case IN ->
          values.size() == 1
              ? key + "=" + values.getFirst()
              : key + " in (" + String.join(", ", values) + ")";
      case NOT_IN -> key + " not in (" + String.join(", ", values) + ")";
      case EXISTS -> "has " + key;
      case DOES_NOT_EXIST -> "has no " + key;
    };
  }

  /** Conditions as one line; the empty text for none. */
  public static String text(List<Condition> conditions) {
    return String.join(", ", conditions.stream().map(Condition::toString).toList());
  }

  /**
   * Conditions from a line such as {@code app=cart, tier in (a, b), has debug}.
   *
   * @throws EditException if the line is no list of conditions
   */
  public static List<Condition> parse(String line) throws EditException {
    List<Condition> out = new ArrayList<>();
    for (String part : parts(line)) {
      out.add(one(part));
    }
    return List.copyOf(out);
  }

  /** Cuts at commas outside of parentheses. */
  private static List<String> parts(String line) {
    List<String> out = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= line.length(); i++) {
      char c = i < line.length() ? line.charAt(i) : ',';
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && (depth <= 0 || i == line.length())) {
        String part = line.substring(start, i).strip();
        if (!part.isEmpty()) {
          out.add(part);
        }
        start = i + 1;
      }
    }
    return out;
  }

  private static Condition one(String part) throws EditException {
    java.util.regex.Matcher list =
        java.util.regex.Pattern.compile("(\\S+)\\s+(not\\s+)?in\\s*\\(([^()]*)\\)").matcher(part);
    if (list.matches()) {
      List<String> values =
          java.util.Arrays.stream(list.group(3).split(","))
              .map(String::strip)
              .filter(v -> !v.isEmpty())
              .toList();
      if (!values.isEmpty()) {
        return new Condition(
            list.group(1), list.group(2) == null ? Operator.IN : Operator.NOT_IN, values);
      }
    } else if (part.matches("has\\s+no\\s+\\S+")) {
      return new Condition(
          part.replaceFirst("has\\s+no\\s+", ""), Operator.DOES_NOT_EXIST, List.of());
    } else if (part.matches("has\\s+\\S+")) {
      return new Condition(part.replaceFirst("has\\s+", ""), Operator.EXISTS, List.of());
    } else if (part.matches("\\S+?\\s*!=\\s*\\S+")) {
      String[] sides = part.split("\\s*!=\\s*", 2);
      return new Condition(sides[0], Operator.NOT_IN, List.of(sides[1]));
    } else if (part.matches("[^\\s=()]+\\s*=\\s*[^\\s=()]*")) {
      String[] sides = part.split("\\s*=\\s*", 2);
      return Condition.is(sides[0], sides[1]);
    }
    throw new EditException(EditException.Code.CONDITION, part);
  }
}
