package io.sekisho.cli;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.ListEndpointsRequest;
import io.sekisho.api.v1.ListEndpointsResponse;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists endpoints. */
@Command(
    name = "endpoints",
    mixinStandardHelpOptions = true,
    description = "Endpoints of all nodes.",
    subcommands = EndpointsAuditCommand.class)
final class EndpointsCommand extends AgentCommand {
  @Mixin private Output output;

  @Option(names = "--node", paramLabel = "NAME", description = "Only those of a node.")
  private @Nullable String node;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Only those of a namespace.")
  private @Nullable String namespace;

  @Override
  void ask(AgentClient client) {
    var all = client.endpoints().list(ListEndpointsRequest.getDefaultInstance());
    var wanted = all.toBuilder().clearEndpoints();
    all.getEndpointsList().stream().filter(this::isWanted).forEach(wanted::addEndpoints);
    var response = wanted.build();
    print(output, response, () -> table(response));
  }

  private boolean isWanted(Endpoint endpoint) {
    return (node == null || node.equals(endpoint.getNode()))
        && (namespace == null || namespace.equals(endpoint.getNamespace()));
  }

  private static String table(ListEndpointsResponse response) {
    var table =
        new TextTable(
            "NODE", "ID", "POD", "STATE", "IDENTITY", "ENFORCED", "REVISION", "ADDRESSES");
    for (var endpoint : response.getEndpointsList()) {
      table.row(
          endpoint.getNode(),
          endpoint.getId(),
          endpoint.getNamespace() + "/" + endpoint.getPod(),
          Texts.word(endpoint.getState(), "ENDPOINT_STATE_", "ENDPOINT_"),
          endpoint.getIdentity(),
          enforced(endpoint),
          endpoint.getRealizedRevision(),
          String.join(",", endpoint.getAddressesList()));
    }
    return table.toString();
  }

  private static String enforced(Endpoint endpoint) {
    String directions = directions(endpoint);
    if (!endpoint.getAudited()) {
      return directions;
    }
    return (directions.isEmpty() ? "none" : directions) + " (audit)";
  }

  private static String directions(Endpoint endpoint) {
    if (endpoint.getIngressEnforced() && endpoint.getEgressEnforced()) {
      return "both";
    }
    return endpoint.getIngressEnforced() ? "ingress" : endpoint.getEgressEnforced() ? "egress" : "";
  }
}
