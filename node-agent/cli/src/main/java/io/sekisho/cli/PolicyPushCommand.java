package io.sekisho.cli;

import io.sekisho.api.v1.PushRequest;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Pushes documents. */
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = {
      "Add or replace documents, and wait until every node has realized them.",
      "What is about nodes' own traffic must be confirmed within 60 s, else it is reverted."
    })
final class PolicyPushCommand extends AgentCommand {
  @Mixin private Output output;
  @Mixin private RolloutOptions options;
  @Mixin private NoConfirm confirmation;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "YAML; - is standard input.")
  private List<Path> files;

  @Override
  void ask(AgentClient client) {
    var request =
        PushRequest.newBuilder()
            .addAllUpsert(Documents.read(files))
            .setBase(options.base(client))
            .setMessage(options.message())
            .setWithoutConfirmation(confirmation.isRefused());
    if (options.isPending()) {
      request.setConfirmWithin(options.confirmWithin());
    }
    request.addAllOverrideExpectations(options.overrides());
    var names = Documents.names(files);
    var response = GrpcErrors.ofPush(names, err(), () -> client.revisions().push(request.build()));
    new RolloutProgress(client, output, out(), err()).tell(response, names, options.waits());
  }
}
