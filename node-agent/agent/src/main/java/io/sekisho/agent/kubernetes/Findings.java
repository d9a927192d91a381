package io.sekisho.agent.kubernetes;

import io.sekisho.policy.Documents;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.Problem;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong or suspicious in the text of an object, each with the field that it is about.
 *
 * @param errors in sentences; empty if there are none
 * @param warnings likewise
 */
record Findings(String errors, String warnings) {
  /** So many are told; a status is read by people. */
  private static final int MOST = 10;

  /** Of one, characters. */
  private static final int LONGEST = 400;

  /** Of a text that was made of one object. */
  static Findings of(String yaml) {
    Parsed parsed = Documents.parse(List.of(yaml));
    return new Findings(sentences(parsed.errors(), yaml), sentences(parsed.warnings(), yaml));
  }

  /** A trap in a text, of which only the line is known. */
  static String trap(String yaml, int line, String message) {
    String path = line > 0 ? FieldPaths.of(yaml).at(line) : "";
    return path.isEmpty() ? message : path + ": " + message;
  }

  private static String sentences(List<Problem> problems, String yaml) {
    if (problems.isEmpty()) {
      return "";
    }
    var paths = FieldPaths.of(yaml);
    String told =
        problems.stream()
            .limit(MOST)
            .map(p -> sentence(p, paths))
            .distinct()
            .collect(Collectors.joining("; "));
    return problems.size() <= MOST ? told : told + "; and " + (problems.size() - MOST) + " more";
  }

  private static String sentence(Problem problem, FieldPaths paths) {
    String path = problem.line() > 0 ? paths.at(problem.line(), problem.column()) : "";
    String hint =
        problem.suggestion().isEmpty() ? "" : " (did you mean '" + problem.suggestion() + "'?)";
    String text = (path.isEmpty() ? "" : path + ": ") + problem.message() + hint;
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
  }
}
