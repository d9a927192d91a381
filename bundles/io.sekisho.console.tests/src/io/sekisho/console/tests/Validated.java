package io.sekisho.console.tests;

import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.Severity;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.policy.Documents;
import java.util.List;

/** What an agent answers to texts: the problems that the policy language finds in them. */
final class Validated {
  private Validated() {}

  static ValidateResponse of(List<String> texts) {
    ValidateResponse.Builder answer = ValidateResponse.newBuilder();
    Documents.parse(texts).problems().forEach(p -> answer.addProblems(message(p)));
    return answer.build();
  }

  private static Problem message(io.sekisho.policy.Problem p) {
    return Problem.newBuilder()
        .setSeverity(Severity.valueOf(p.severity().name()))
        .setText(p.text())
        .setDocument(p.document())
        .setLine(p.line())
        .setColumn(p.column())
        .setMessage(p.message())
        .setSuggestion(p.suggestion())
        .build();
  }
}
