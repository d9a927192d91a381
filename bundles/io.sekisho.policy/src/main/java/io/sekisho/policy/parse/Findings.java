package io.sekisho.policy.parse;

import io.sekisho.policy.Problem;
import io.sekisho.policy.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects the problems of one document; places are those of the whole text. */
final class Findings {
  private final int text;
  private final int firstLine;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * Problems of a part of a text.
   *
   * @param text place of the text in the request, from 0
   * @param firstLine line of the text that the part begins at, from 0
   */
  Findings(int text, int firstLine) {
    this.text = text;
    this.firstLine = firstLine;
  }

  void error(Node node, String message) {
    error(node, message, "");
  }

  void error(Node node, String message, String suggestion) {
    add(Severity.ERROR, node.getStartMark(), message, suggestion);
  }

  void error(Optional<Mark> place, String message) {
    add(Severity.ERROR, place, message, "");
  }

  void warn(Node node, String message) {
    warn(node, message, "");
  }

  void warn(Node node, String message, String suggestion) {
    add(Severity.WARNING, node.getStartMark(), message, suggestion);
  }

  private void add(Severity severity, Optional<Mark> place, String message, String suggestion) {
    int line = place.map(m -> m.getLine() + firstLine + 1).orElse(0);
    int column = place.map(m -> m.getColumn() + 1).orElse(0);
    var problem = new Problem(severity, text, "", line, column, message, suggestion);
    if (!problems.contains(problem)) { // a field may be read more than once
      problems.add(problem);
    }
  }

  /** Line of a node in the whole text, from 1. */
  int line(Node node) {
    return node.getStartMark().map(m -> m.getLine() + firstLine + 1).orElse(0);
  }

  /** A node's text and line, in words. */
  String place(Node node) {
    return "text " + (text + 1) + ", line " + line(node);
  }

  boolean hasErrors() {
    return problems.stream().anyMatch(p -> p.severity() == Severity.ERROR);
  }

  /** The problems by line and column, with the document's name. */
  List<Problem> named(String document) {
    return problems.stream()
        .map(
            p ->
                new Problem(
                    p.severity(),
                    p.text(),
                    document,
                    p.line(),
                    p.column(),
                    p.message(),
                    p.suggestion()))
        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
        .toList();
  }
}
