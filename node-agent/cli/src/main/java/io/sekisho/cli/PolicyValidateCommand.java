package io.sekisho.cli;

import io.sekisho.api.v1.Severity;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Checks documents and changes nothing. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Say every problem of documents; change nothing. Exit code 4 for errors.")
final class PolicyValidateCommand extends AgentCommand {
  @Mixin private Output output;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "YAML; - is standard input.")
  private List<Path> files;

  @Override
  void ask(AgentClient client) {
    var request = ValidateRequest.newBuilder().addAllTexts(Documents.read(files)).build();
    var response = client.revisions().validate(request);
    print(output, response, () -> text(response));
    long errors =
        response.getProblemsList().stream().filter(p -> p.getSeverity() == Severity.ERROR).count();
    if (errors > 0) {
      throw new CliException(CliException.Code.INVALID, Texts.plural(errors, "error"));
    }
  }

  private String text(ValidateResponse response) {
    var out = new StringBuilder();
    var names = Documents.names(files);
    response.getProblemsList().forEach(p -> out.append(Texts.problem(p, names)).append('\n'));
    if (response.getProblemsCount() == 0) {
      out.append(Texts.plural(response.getDocumentsCount(), "document")).append(" without error\n");
    }
    return out.toString();
  }
}
