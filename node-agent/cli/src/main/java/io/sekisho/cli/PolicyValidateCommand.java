package io.sekisho.cli;

import io.sekisho.api.v1.Severity;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks documents and changes nothing. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Say every problem of documents, and what they would do to expectations; change nothing.",
      "Exit code 4 for errors, 6 if a push would break an expectation."
    })
final class PolicyValidateCommand extends AgentCommand {
  @Mixin private Output output;

  @Option(
      names = "--base",
      paramLabel = "N",
      description =
          "Revision that they would be pushed to; default is the one in force, 0 is none.")
  private @Nullable Long base;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "YAML; - is standard input.")
  private List<Path> files;

  @Override
  void ask(AgentClient client) {
    var request = ValidateRequest.newBuilder().addAllTexts(Documents.read(files));
    if (base != null) {
      request.setBase(base);
    }
    var response = client.revisions().validate(request.build());
    print(output, response, () -> text(response));
    long errors = errors(response);
    if (errors > 0) {
      throw new CliException(CliException.Code.INVALID, Texts.plural(errors, "error"));
    }
    long broken = Expectations.refused(response.getExpectationsList());
    if (broken > 0) {
      throw new CliException(
          CliException.Code.BROKEN, Texts.plural(broken, "expectation") + " broken");
    }
  }

  private static long errors(ValidateResponse response) {
    return response.getProblemsList().stream()
        .filter(p -> p.getSeverity() == Severity.ERROR)
        .count();
  }

  private String text(ValidateResponse response) {
    var out = new StringBuilder();
    var names = Documents.names(files);
    response.getProblemsList().forEach(p -> out.append(Texts.problem(p, names)).append('\n'));
    Expectations.lines(response.getExpectationsList()).forEach(l -> out.append(l).append('\n'));
    if (errors(response) == 0) {
      out.append(Texts.plural(response.getDocumentsCount(), "document")).append(" without error\n");
    }
    if (response.getExpectationsCount() > 0) {
      out.append(Expectations.sum(response.getExpectationsList())).append('\n');
    }
    return out.toString();
  }
}
