package io.sekisho.cli;

import io.sekisho.api.v1.ListIdentitiesRequest;
import io.sekisho.api.v1.ListIdentitiesResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists identities. */
@Command(
    name = "identities",
    mixinStandardHelpOptions = true,
    description = "Identities of the cluster, the reserved ones too.")
final class IdentitiesCommand extends AgentCommand {
  @Mixin private Output output;

  @Override
  void ask(AgentClient client) {
    var response = client.identities().list(ListIdentitiesRequest.getDefaultInstance());
    print(output, response, () -> table(response));
  }

  private static String table(ListIdentitiesResponse response) {
    var table = new TextTable("NUMBER", "ENDPOINTS", "LABELS");
    for (var identity : response.getIdentitiesList()) {
      table.row(
          Integer.toUnsignedString(identity.getNumber()),
          identity.getEndpoints(),
          String.join(",", identity.getLabelsList()));
    }
    return table.toString();
  }
}
