package io.sekisho.cli;

import io.sekisho.api.v1.PathHop;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the way from a pod to a destination. */
@Command(
    name = "path",
    mixinStandardHelpOptions = true,
    description = {
      "The way from a pod to a destination, and pings along it.",
      "Exit code 1 if nothing comes back."
    })
final class PathCommand extends AgentCommand {
  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "namespace/pod.")
  private String source;

  @Parameters(
      index = "1",
      paramLabel = "DESTINATION",
      description = "namespace/pod, or an address.")
  private String destination;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "5",
      description = "Pings to send, 1 to 20 (${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--family",
      paramLabel = "4|6",
      defaultValue = "0",
      description = "IP version; IPv4 where both ends have it otherwise.")
  private int family;

  @Override
  void ask(AgentClient client) {
    if (count < 1 || count > 20) {
      throw new CliException(CliException.Code.USAGE, "--count is not from 1 to 20");
    }
    var response =
        client
            .paths()
            .trace(
                TracePathRequest.newBuilder()
                    .setSource(source)
                    .setDestination(destination)
                    .setCount(count)
                    .setFamily(family)
                    .build());
    print(output, response, () -> text(response));
    if (response.getPing().getAnswered() == 0) {
      throw new CliException(CliException.Code.REFUSED, why(response));
    }
  }

  private static String text(TracePathResponse response) {
    var table = new TextTable("STATION", "NODE", "NAME", "ADDRESS", "MTU", "RTT", "DETAIL");
    for (PathHop hop : response.getHopsList()) {
      table.row(
          Texts.word(hop.getKind(), "PATH_HOP_KIND_"),
          hop.getNode(),
          hop.getName(),
          hop.getAddress(),
          hop.getMtu() == 0 ? "" : hop.getMtu(),
          hop.hasRttNs() ? Pings.duration(hop.getRttNs()) : "",
          hop.getDetail());
    }
    return table + "\n" + pings(response);
  }

  private static String pings(TracePathResponse response) {
    var ping = response.getPing();
    String samples =
        response.getSamplesNsList().stream()
            .map(nanos -> nanos == 0 ? "lost" : Pings.duration(nanos))
            .collect(Collectors.joining(" "));
    String median = ping.hasRttNs() ? ", median " + Pings.duration(ping.getRttNs()) : "";
    return "%d of %d answered%s: %s\n"
        .formatted(ping.getAnswered(), ping.getSent(), median, samples);
  }

  private static String why(TracePathResponse response) {
    if (!response.hasDrop()) {
      return "no answer, and no drop was seen";
    }
    var drop = response.getDrop();
    String rule = drop.hasRule() ? " (" + Rules.name(drop.getRule()) + ")" : "";
    return "no answer: dropped on " + drop.getNode() + ", " + drop.getReason() + rule;
  }
}
