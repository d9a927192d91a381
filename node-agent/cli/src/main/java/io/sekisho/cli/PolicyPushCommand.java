package io.sekisho.cli;

import io.sekisho.api.v1.PushRequest;
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
    request.addAllOverrideExpectations(options.overrides());
    var names = Documents.names(files);
    var response = GrpcErrors.ofPush(names, err(), () -> client.revisions().push(request.build()));
    new RolloutProgress(client, output, out(), err()).tell(response, names, options.waits());
  }
}
