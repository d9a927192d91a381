package io.sekisho.policy;

import java.util.List;

/**
 * What {@link Documents#parse} read.
 *
 * @param documents every document without an error, in the order of the texts
 * @param places where each of them begins
 * @param problems everything wrong or suspicious, by text, line and column
 */
public record Parsed(
    List<PolicyDocument> documents, List<Parsed.Place> places, List<Problem> problems) {
  /**
   * Where a document begins.
   *
   * @param text which of the texts, from 0
   * @param lines lines of the text before the document's own
   */
  public record Place(int text, int lines) {}

  /** Keeps immutable copies. */
  public Parsed {
    documents = List.copyOf(documents);
    places = List.copyOf(places);
    problems = List.copyOf(problems);
  }

  /** Whether a text has an error, so that none of the documents may be used. */
  public boolean hasErrors() {
    return problems.stream().anyMatch(p -> p.severity() == Severity.ERROR);
  }

  /** The problems that are errors. */
  public List<Problem> errors() {
    return problems.stream().filter(p -> p.severity() == Severity.ERROR).toList();
  }

  /**
   * A problem of one of the documents with its place in the texts.
   *
   * @param problem its text is the place in the list of documents, its lines count in the
   *     document's own text
   */
  public Problem placed(Problem problem) {
    Place place = places.get(problem.text());
    return new Problem(
        problem.severity(),
        place.text(),
        problem.document(),
        problem.line() + place.lines(),
        problem.column(),
        problem.message(),
        problem.suggestion());
  }

  /** The problems that are warnings. */
  public List<Problem> warnings() {
    return problems.stream().filter(p -> p.severity() == Severity.WARNING).toList();
  }
}
