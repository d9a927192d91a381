package io.sekisho.agent.revision;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.Severity;
import io.sekisho.policy.Diffs;
import io.sekisho.policy.Documents;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads documents with the policy module. */
public final class PolicyDocumentReader implements DocumentReader {
  private final Function<List<PolicyDocument>, List<io.sekisho.policy.Problem>> checks;

  /** Reads without a look at the cluster. */
  public PolicyDocumentReader() {
    this(documents -> List.of());
  }

  /**
   * Reads, and looks at what was read.
   *
   * @param checks what else is wrong with documents: the problems' text is the place in the list,
   *     their lines count in the document's own text
   */
  public PolicyDocumentReader(
      Function<List<PolicyDocument>, List<io.sekisho.policy.Problem>> checks) {
    this.checks = checks;
  }

  @Override
  public Read read(List<String> texts) {
    var parsed = Documents.parse(texts);
    var problems = new ArrayList<>(parsed.problems());
    if (!parsed.hasErrors()) {
      checks.apply(parsed.documents()).stream().map(parsed::placed).forEach(problems::add);
    }
    return new Read(
        parsed.documents().stream().map(PolicyDocumentReader::message).toList(),
        parsed.places().stream().map(p -> new Place(p.text(), p.lines())).toList(),
        problems.stream().map(PolicyDocumentReader::message).toList(),
        parsed.documents().stream()
            .filter(PolicyDocument::selectsNodes)
            .map(PolicyDocumentReader::message)
            .toList());
  }

  @Override
  public String diff(String before, String after) {
    return Diffs.unified(before, after);
  }

  private static Document message(PolicyDocument document) {
    return Document.newBuilder()
        .setKind(document.kind())
        .setNamespace(document.namespace())
        .setName(document.name())
        .setYaml(document.yaml())
        .build();
  }

  /** A problem as the API tells it. */
  public static Problem message(io.sekisho.policy.Problem problem) {
    return Problem.newBuilder()
        .setSeverity(
            switch (problem.severity()) {
              case WARNING -> Severity.WARNING;
              case ERROR -> Severity.ERROR;
            })
        .setText(problem.text())
        .setDocument(problem.document())
        .setLine(problem.line())
        .setColumn(problem.column())
        .setMessage(problem.message())
        .setSuggestion(problem.suggestion())
        .build();
  }
}
