package io.sekisho.agent.revision;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.Severity;
import java.util.List;

/** Reads and compares documents; what they mean is the policy module's. */
public interface DocumentReader {
  /** Reads YAML streams of one or more documents each. */
  Read read(List<String> texts);

  /** Unified diff of two texts; either may be empty. */
  String diff(String before, String after);

  /**
   * Where a document begins.
   *
   * @param text which of the texts, from 0
   * @param lines lines of the text before the document's own
   */
  record Place(int text, int lines) {}

  /**
   * What was read.
   *
   * @param documents complete only without errors
   * @param places where each of them begins
   * @param problems errors and warnings, in the order of the texts
   * @param aboutNodes those documents that speak of nodes' own traffic
   */
  record Read(
      List<Document> documents,
      List<Place> places,
      List<Problem> problems,
      List<Document> aboutNodes) {
    /** Whether a document is wrong. */
    public boolean hasErrors() {
      return problems.stream().anyMatch(p -> p.getSeverity() == Severity.ERROR);
    }
  }
}
