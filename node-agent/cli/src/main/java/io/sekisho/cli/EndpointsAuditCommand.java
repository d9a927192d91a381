package io.sekisho.cli;

import io.sekisho.api.v1.AuditEndpointRequest;
import io.sekisho.api.v1.Endpoint;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Puts an endpoint under audit, or not. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Put an endpoint of the agent's node under audit, or not.",
      "What its policies would drop then passes and is reported. Stays for the endpoint's life,"
          + " also when the agent restarts."
    })
final class EndpointsAuditCommand extends AgentCommand {
  /** What an endpoint is told. */
  enum Audit {
    ON,
    OFF,
    /** As its label sekisho.io/enforcement says. */
    LABEL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "ID", description = "The endpoint's number on the node.")
  private int id;

  @Parameters(
      index = "1",
      paramLabel = "on|off|label",
      description = "label: as its label sekisho.io/enforcement=audit says.")
  private Audit audit;

  @Override
  void ask(AgentClient client) {
    var request = AuditEndpointRequest.newBuilder().setId(id);
    if (audit != Audit.LABEL) {
      request.setAudit(audit == Audit.ON);
    }
    var response = client.enforcement().auditEndpoint(request.build());
    print(output, response, () -> text(response.getEndpoint()));
  }

  private static String text(Endpoint endpoint) {
    return "endpoint %d (%s/%s) is %s audit%n"
        .formatted(
            endpoint.getId(),
            endpoint.getNamespace(),
            endpoint.getPod(),
            endpoint.getAudited() ? "under" : "not under");
  }
}
