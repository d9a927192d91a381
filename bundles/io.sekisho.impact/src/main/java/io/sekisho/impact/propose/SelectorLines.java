package io.sekisho.impact.propose;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Requirement.Operator;
import java.util.List;

/** Conditions on labels as Kubernetes and Cilium write them. */
final class SelectorLines {
  private SelectorLines() {}

  /** The first field, for the line of a list's item or of its own. */
  static String first(List<Requirement> conditions) {
    return conditions.stream().anyMatch(SelectorLines::isPlain)
        ? "matchLabels:"
        : "matchExpressions:";
  }

  /** What stands below {@link #first}, which is at the depth. */
  static void rest(Yaml yaml, int depth, List<Requirement> conditions) {
    List<Requirement> plain = conditions.stream().filter(SelectorLines::isPlain).toList();
    plain.forEach(r -> yaml.line(depth + 1, key(r) + ": " + Yaml.text(r.values().first())));
    List<Requirement> others = conditions.stream().filter(r -> !isPlain(r)).toList();
    if (!plain.isEmpty() && !others.isEmpty()) {
      yaml.line(depth, "matchExpressions:");
    }
    others.forEach(r -> expression(yaml, depth + 1, r));
  }

  /** A field with a selector as its value. */
  static void field(Yaml yaml, int depth, String name, List<Requirement> conditions) {
    if (conditions.isEmpty()) {
      yaml.line(depth, name + ": {}");
    } else {
      yaml.line(depth, name + ":");
      yaml.line(depth + 1, first(conditions));
      rest(yaml, depth + 1, conditions);
    }
  }

  private static void expression(Yaml yaml, int depth, Requirement r) {
    yaml.line(depth, "- key: " + key(r));
    yaml.line(depth + 1, "operator: " + r.operator().text());
    if (!r.values().isEmpty()) {
      yaml.line(depth + 1, "values:");
      r.values().forEach(v -> yaml.line(depth + 2, "- " + Yaml.text(v)));
    }
  }

  private static boolean isPlain(Requirement r) {
    return r.operator() == Operator.IN && r.values().size() == 1;
  }

  private static String key(Requirement r) {
    String key = r.key().startsWith("k8s:") ? r.key().substring(4) : r.key();
    return key.equals(Labels.NAMESPACE) ? r.key() : Yaml.text(key);
  }

  /** A prefix with its length, also that of a single address. */
  static String prefix(Cidr cidr) {
    String text = cidr.toString();
    String whole = text.contains("/") ? text : text + (cidr.isV4() ? "/32" : "/128");
    return '"' + whole + '"';
  }
}
