package io.sekisho.cli;

import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.api.v1.MapDifference;
import io.sekisho.api.v1.VerifyRequest;
import io.sekisho.api.v1.VerifyResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proves that the kernel says what the documents say. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compare the maps of the agent's node, read back from the kernel, with the documents.",
      "They are compiled anew for it. Exit code 8 if something differs and is not repaired."
    })
final class PolicyVerifyCommand extends AgentCommand {
  @Mixin private Output output;

  @Option(names = "--repair", description = "Write again what differs.")
  private boolean repair;

  @Override
  void ask(AgentClient client) {
    var response =
        client.verification().verify(VerifyRequest.newBuilder().setRepair(repair).build());
    print(output, response, () -> text(response));
    if (response.getDifferenceCount() > 0 && !response.getRepaired()) {
      throw new CliException(
          CliException.Code.DIFFERS,
          Texts.plural(response.getDifferenceCount(), "difference")
              + " between the kernel of "
              + response.getNode()
              + " and the documents");
    }
  }

  private static String text(VerifyResponse response) {
    var out = new StringBuilder();
    if (response.getDifferenceCount() > 0) {
      var table = new TextTable("MAP", "ENDPOINT", "KEY", "EXPECTED", "FOUND");
      for (MapDifference d : response.getDifferencesList()) {
        table.row(
            d.getMap(), endpoint(d), d.getKey(), orNone(d.getExpected()), orNone(d.getFound()));
      }
      out.append(table);
    }
    long more = response.getDifferenceCount() - response.getDifferencesCount();
    if (more > 0) {
      out.append("and ").append(more).append(" more\n");
    }
    return out.append(
            "%s, revision %d: %s, policy entries: %d, prefixes: %d, compared in %d ms: %s%n"
                .formatted(
                    response.getNode(),
                    response.getRevision(),
                    Texts.plural(response.getEndpoints(), "endpoint"),
                    response.getPolicyEntries(),
                    response.getPrefixes(),
                    response.getTook().getSeconds() * 1000
                        + response.getTook().getNanos() / 1_000_000,
                    verdict(response)))
        .toString();
  }

  private static String endpoint(MapDifference difference) {
    return switch (difference.getEndpoint()) {
      case 0 -> "";
      case DesiredState.HOST_ENDPOINT -> "the node";
      default -> Integer.toString(difference.getEndpoint());
    };
  }

  private static String verdict(VerifyResponse response) {
    if (response.getDifferenceCount() == 0) {
      return "the kernel says what the documents say";
    }
    return response.getDifferenceCount()
        + " differ, "
        + (response.getRepaired() ? "written again" : "NOT repaired");
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "(nothing)" : text;
  }
}
