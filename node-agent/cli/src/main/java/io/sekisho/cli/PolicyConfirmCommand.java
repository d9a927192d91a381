package io.sekisho.cli;

import io.sekisho.api.v1.ConfirmRequest;
import io.sekisho.api.v1.HistoryRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Keeps a revision that waits for it. */
@Command(
    name = "confirm",
    mixinStandardHelpOptions = true,
    description = "Keep the revision that waits for its confirmation.")
final class PolicyConfirmCommand extends AgentCommand {
  @Mixin private Output output;

  @Parameters(
      arity = "0..1",
      paramLabel = "N",
      defaultValue = "0",
      description = "Its number; default is the one in force.")
  private long number;

  @Override
  void ask(AgentClient client) {
    long which =
        number != 0
            ? number
            : client.revisions().history(HistoryRequest.newBuilder().setLimit(1).build()).getHead();
    var response =
        client.revisions().confirm(ConfirmRequest.newBuilder().setRevision(which).build());
    print(output, response, () -> "revision " + which + " confirmed\n");
  }
}
