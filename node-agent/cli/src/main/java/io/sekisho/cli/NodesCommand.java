package io.sekisho.cli;

import io.sekisho.api.v1.ListNodesRequest;
import io.sekisho.api.v1.ListNodesResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists nodes. */
@Command(
    name = "nodes",
    mixinStandardHelpOptions = true,
    description = "Nodes of the cluster with their health.",
    subcommands = NodesRemoveCommand.class)
final class NodesCommand extends AgentCommand {
  @Mixin private Output output;

  @Override
  void ask(AgentClient client) {
    var response = client.nodes().list(ListNodesRequest.getDefaultInstance());
    print(output, response, () -> table(response));
  }

  private static String table(ListNodesResponse response) {
    var table =
        new TextTable(
            "NAME", "STATE", "ADDRESSES", "ENDPOINTS", "REVISION", "LOST", "VERSION", "MESSAGE");
    for (var node : response.getNodesList()) {
      table.row(
          node.getName(),
          Texts.word(node.getState(), "NODE_STATE_"),
          String.join(",", node.getAddressesList()),
          node.getEndpoints(),
          node.getRealizedRevision(),
          node.getEventsLost(),
          node.getVersion(),
          node.getMessage());
    }
    return table.toString();
  }
}
