package io.sekisho.impact.why;

import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.RuleReference;
import java.util.ArrayList;
import java.util.List;

/** The lines of a document in which a rule stands. */
final class RuleText {
  /** More lines than people read in a card. */
  private static final int MAX_LINES = 24;

  private RuleText() {}

  /** The rule's own lines, without what all are indented by; empty where nobody has it. */
  static List<String> of(List<PolicyDocument> documents, RuleReference rule) {
    return documents.stream()
        .filter(d -> d.documentName().equals(rule.document()))
        .findFirst()
        .map(d -> cut(d.yaml().lines().toList(), rule.line()))
        .orElse(List.of());
  }

  private static List<String> cut(List<String> lines, int line) {
    if (line < 1 || line > lines.size()) {
      return List.of();
    }
    String first = lines.get(line - 1);
    int indent = indent(first);
    var out = new ArrayList<String>();
    out.add(first.substring(indent).stripTrailing());
    for (String next : lines.subList(line, lines.size())) {
      boolean inside = next.isBlank() || indent(next) > indent;
      if (!inside || out.size() == MAX_LINES) {
        break;
      }
      out.add(next.isBlank() ? "" : next.substring(indent).stripTrailing());
    }
    while (out.getLast().isEmpty()) {
      out.removeLast();
    }
    return List.copyOf(out);
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }
}
