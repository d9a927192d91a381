package io.sekisho.cli;

import io.sekisho.api.v1.RollbackRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Brings the documents of an old revision back. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = {
      "Put the documents of an old revision in force again, as a new one.",
      "What is about nodes' own traffic must be confirmed within 60 s, else it is reverted."
    })
final class RollbackCommand extends AgentCommand {
  @Mixin private Output output;
  @Mixin private RolloutOptions options;
  @Mixin private NoConfirm confirmation;

  @Parameters(paramLabel = "N", description = "The old revision; 0 is the empty start.")
  private long number;

  @Override
  void ask(AgentClient client) {
    var request =
        RollbackRequest.newBuilder()
            .setBase(options.base(client))
            .setTo(number)
            .setMessage(options.message())
            .setWithoutConfirmation(confirmation.isRefused());
    if (options.isPending()) {
      request.setConfirmWithin(options.confirmWithin());
    }
    request.addAllOverrideExpectations(options.overrides());
    var response =
        GrpcErrors.ofPush(List.of(), err(), () -> client.revisions().rollback(request.build()));
    new RolloutProgress(client, output, out(), err()).tell(response, List.of(), options.waits());
  }
}
