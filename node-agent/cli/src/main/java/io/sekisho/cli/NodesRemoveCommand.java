package io.sekisho.cli;

import io.sekisho.api.v1.RemoveNodeRequest;
import io.sekisho.api.v1.RemoveNodeResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Forgets a node that is gone for good. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = {
      "Forget a node that is gone for good, and free its ranges of addresses, leased or fixed;",
      "or free one range that no node has now. What is sent to it is the world's then.",
      "Its pods must be gone too: other nodes' pods get their addresses."
    })
final class NodesRemoveCommand extends AgentCommand {
  @Mixin private Output output;

  @Parameters(paramLabel = "NAME", description = "Which node, or range (10.0.3.0/24).")
  private String name;

  @Override
  void ask(AgentClient client) {
    var response = client.nodes().remove(RemoveNodeRequest.newBuilder().setName(name).build());
    print(output, response, () -> text(response));
  }

  private String text(RemoveNodeResponse response) {
    return response.getFreedCidrsCount() == 0
        ? name + " is forgotten; it had no ranges\n"
        : name + " is forgotten; freed: " + String.join(", ", response.getFreedCidrsList()) + "\n";
  }
}
