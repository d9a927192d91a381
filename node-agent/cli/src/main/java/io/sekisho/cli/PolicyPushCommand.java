package io.sekisho.cli;

import io.grpc.StatusRuntimeException;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pushes documents. */
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = "Add or replace documents, and wait until every node has realized them.")
final class PolicyPushCommand extends AgentCommand {
  @Mixin private Output output;
  @Mixin private RolloutOptions options;

  @Option(
      names = "--no-confirm",
      description = "Do not wait for a confirmation, though it is about nodes' own traffic.")
  private boolean noConfirm;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "YAML; - is standard input.")
  private List<Path> files;

  @Override
  void ask(AgentClient client) {
    var request =
        PushRequest.newBuilder()
            .addAllUpsert(Documents.read(files))
            .setBase(options.base(client))
            .setMessage(options.message())
            .setWithoutConfirmation(noConfirm);
    if (options.isPending()) {
      request.setConfirmWithin(options.confirmWithin());
    }
    var response = push(client, request.build());
    var progress = new RolloutProgress(client, output, out(), err());
    progress.tell(response, Documents.names(files), options.waits());
  }

  private PushResponse push(AgentClient client, PushRequest request) {
    try {
      return client.revisions().push(request);
    } catch (StatusRuntimeException e) {
      var problems = GrpcErrors.problems(e);
      if (problems.isEmpty()) {
        throw e;
      }
      var names = Documents.names(files);
      problems.forEach(problem -> err().println(Texts.problem(problem, names)));
      throw new CliException(
          CliException.Code.INVALID, "nothing was pushed: " + e.getStatus().getDescription(), e);
    }
  }
}
