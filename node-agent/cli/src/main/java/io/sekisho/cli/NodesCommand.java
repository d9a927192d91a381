package io.sekisho.cli;

import io.sekisho.api.v1.ListNodesRequest;
import io.sekisho.api.v1.ListNodesResponse;
import io.sekisho.api.v1.MapPressure;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PeerProbe;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists nodes. */
@Command(
    name = "nodes",
    mixinStandardHelpOptions = true,
    description = {
      "Nodes of the cluster with their health.",
      "LEAVES BY: devices of the default routes; ! where pods' packets do not leave as they should."
    },
    subcommands = {NodeShowCommand.class, NodesRemoveCommand.class})
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
            "NAME",
            "STATE",
            "ROUTING",
            "ADDRESSES",
            "LEAVES BY",
            "ENDPOINTS",
            "REVISION",
            "LATENCY",
            "PRESSURE",
            "LOST",
            "VERSION",
            "MESSAGE");
    for (var node : response.getNodesList()) {
      table.row(
          node.getName(),
          Texts.word(node.getState(), "NODE_STATE_"),
          node.getRouting(),
          String.join(",", node.getAddressesList()),
          UplinkWords.exits(node),
          node.getEndpoints(),
          node.getRealizedRevision(),
          latency(node.getProbesList()),
          pressure(node),
          node.getEventsLost(),
          node.getVersion(),
          node.getMessage());
    }
    return table.toString();
  }

  /** Median of the round trips to the other nodes' endpoints. */
  private static String latency(List<PeerProbe> probes) {
    long[] times =
        probes.stream()
            .filter(probe -> probe.getEndpoint().hasRttNs())
            .mapToLong(probe -> probe.getEndpoint().getRttNs())
            .sorted()
            .toArray();
    return times.length == 0 ? "" : Pings.duration(times[times.length / 2]);
  }

  /** The fullest map. */
  private static String pressure(Node node) {
    return node.getMapsList().stream()
        .filter(map -> map.getCapacity() > 0)
        .max(Comparator.comparingDouble(NodesCommand::share))
        .map(map -> map.getName() + " " + Math.round(100 * share(map)) + "%")
        .orElse("");
  }

  static double share(MapPressure map) {
    return map.getCapacity() == 0 ? 0 : (double) map.getEntries() / map.getCapacity();
  }
}
