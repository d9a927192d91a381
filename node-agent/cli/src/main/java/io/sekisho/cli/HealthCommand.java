package io.sekisho.cli;

import io.sekisho.api.v1.ListNodesRequest;
import io.sekisho.api.v1.ListNodesResponse;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.api.v1.PeerProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the ways between the nodes. */
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    description = {
      "The ways between the nodes: median round trips node to node / endpoint to endpoint,",
      "by IPv4 and IPv6 where both nodes have both; and the devices by which pods' packets leave.",
      "Exit code 1 if something does not answer."
    })
final class HealthCommand extends AgentCommand {
  @Mixin private Output output;

  @Override
  void ask(AgentClient client) {
    var response = client.nodes().list(ListNodesRequest.getDefaultInstance());
    print(output, response, () -> text(response));
    List<String> silent = silent(response);
    if (!silent.isEmpty()) {
      throw new CliException(CliException.Code.REFUSED, "no answer: " + String.join(", ", silent));
    }
  }

  private static String text(ListNodesResponse response) {
    String uplinks = UplinkWords.table(response.getNodesList());
    return matrix(response) + (uplinks.isEmpty() ? "" : "\n" + uplinks);
  }

  private static String matrix(ListNodesResponse response) {
    List<Node> nodes = response.getNodesList();
    var headings = new ArrayList<>(List.of("FROM"));
    nodes.forEach(node -> headings.add("TO " + node.getName()));
    var table = new TextTable(headings.toArray(String[]::new));
    for (Node from : nodes) {
      var row = new ArrayList<Object>(List.of(from.getName()));
      nodes.forEach(to -> row.add(cell(from, to)));
      table.row(row.toArray());
    }
    return table.toString();
  }

  private static String cell(Node from, Node to) {
    if (from.getName().equals(to.getName())) {
      return "";
    }
    if (from.getState() == NodeState.GONE) {
      return "gone";
    }
    return probe(from, to).map(HealthCommand::text).orElse("?");
  }

  private static String text(PeerProbe probe) {
    String first = Pings.text(probe.getUnderlay()) + " / " + Pings.text(probe.getEndpoint());
    if (!Pings.hasIpv6(probe)) {
      return first;
    }
    return "%s, IPv6 %s / %s"
        .formatted(first, Pings.text(probe.getUnderlayIpv6()), Pings.text(probe.getEndpointIpv6()));
  }

  private static Optional<PeerProbe> probe(Node from, Node to) {
    return from.getProbesList().stream()
        .filter(probe -> probe.getNode().equals(to.getName()))
        .findFirst();
  }

  /** Ways of nodes that are there on which every ping was lost. */
  private static List<String> silent(ListNodesResponse response) {
    var out = new ArrayList<String>();
    for (Node node : response.getNodesList()) {
      if (node.getState() == NodeState.GONE) {
        out.add(node.getName() + " is gone");
        continue;
      }
      for (PeerProbe probe : node.getProbesList()) {
        if (Pings.isSilent(probe.getUnderlay()) || Pings.isSilent(probe.getEndpoint())) {
          out.add(node.getName() + " to " + probe.getNode());
        } else if (Pings.isSilent(probe.getUnderlayIpv6())
            || Pings.isSilent(probe.getEndpointIpv6())) {
          out.add(node.getName() + " to " + probe.getNode() + " by IPv6");
        }
      }
    }
    return out;
  }
}
