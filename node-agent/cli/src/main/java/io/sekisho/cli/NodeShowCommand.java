package io.sekisho.cli;

import io.sekisho.api.v1.FeaturePresence;
import io.sekisho.api.v1.ListNodesRequest;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.Prefilter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows all of one node. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "All of one node, with its uplinks, maps, probes and kernel features.")
final class NodeShowCommand extends AgentCommand {
  @Mixin private Output output;

  @Parameters(paramLabel = "NAME", description = "The node.")
  private String name;

  @Override
  void ask(AgentClient client) {
    Node node =
        client.nodes().list(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
            .filter(n -> n.getName().equals(name))
            .findFirst()
            .orElseThrow(
                () -> new CliException(CliException.Code.REFUSED, "there is no node " + name));
    print(output, node, () -> text(node));
  }

  private static String text(Node node) {
    String uplinks = UplinkWords.table(List.of(node));
    String leaving = uplinks.isEmpty() ? "" : uplinks + "\n";
    return facts(node) + "\n" + leaving + maps(node) + "\n" + probes(node) + "\n" + features(node);
  }

  private static String facts(Node node) {
    var out = new StringBuilder();
    fact(out, "Node", node.getName());
    fact(out, "State", Texts.word(node.getState(), "NODE_STATE_"));
    fact(out, "Message", node.getMessage());
    fact(out, "Addresses", String.join(", ", node.getAddressesList()));
    fact(out, "Labels", String.join(", ", node.getLabelsList()));
    fact(out, "gRPC", node.getGrpcAddress());
    fact(out, "Version", node.getVersion());
    fact(out, "Kernel", node.getKernel());
    fact(out, "Started", Texts.time(node.getStarted()));
    fact(out, "Last seen", Texts.time(node.getLastSeen()));
    fact(out, "Store", node.getStore());
    fact(out, "Routing", node.getRouting());
    fact(out, "Pod ranges", String.join(", ", node.getPodCidrsList()));
    fact(out, "Pod MTU", bytes(node.getPodMtu()));
    fact(out, "Underlay", node.getUnderlayDevice() + ", MTU " + bytes(node.getUnderlayMtu()));
    fact(out, "Masquerade", node.getMasquerade() ? "yes" : "no");
    fact(out, "Prefilter", prefilter(node.getPrefilter()));
    fact(out, "Health endpoint", String.join(", ", node.getHealthAddressesList()));
    fact(out, "Endpoints", String.valueOf(node.getEndpoints()));
    fact(out, "Revision", String.valueOf(node.getRealizedRevision()));
    fact(out, "Flows seen", String.valueOf(node.getFlowsSeen()));
    fact(out, "Events lost", String.valueOf(node.getEventsLost()));
    fact(out, "Agent's memory", (node.getAgentRssBytes() >> 20) + " MiB");
    return out.toString();
  }

  private static void fact(StringBuilder out, String what, String value) {
    out.append("%-17s%s\n".formatted(what, value.isEmpty() ? "-" : value));
  }

  private static String prefilter(Prefilter prefilter) {
    return prefilter.getPrefixes() == 0
        ? ""
        : "%d prefixes denied, %s, %d packets dropped"
            .formatted(prefilter.getPrefixes(), prefilter.getMode(), prefilter.getPackets());
  }

  private static String bytes(int bytes) {
    return bytes == 0 ? "unknown" : String.valueOf(bytes);
  }

  private static String maps(Node node) {
    var table = new TextTable("MAP", "ENTRIES", "CAPACITY", "FULL");
    for (var map : node.getMapsList()) {
      table.row(
          map.getName(),
          map.getEntries(),
          map.getCapacity(),
          Math.round(100 * NodesCommand.share(map)) + "%");
    }
    return table.toString();
  }

  private static String probes(Node node) {
    var table = new TextTable("TO", "UNDERLAY", "ENDPOINTS", "LAST ANSWER");
    for (var probe : node.getProbesList()) {
      table.row(
          probe.getNode(),
          Pings.text(probe.getUnderlay()),
          Pings.text(probe.getEndpoint()),
          Texts.time(probe.getEndpoint().getLastAnswer()));
      if (Pings.hasIpv6(probe)) {
        table.row(
            probe.getNode() + " (IPv6)",
            Pings.text(probe.getUnderlayIpv6()),
            Pings.text(probe.getEndpointIpv6()),
            Texts.time(probe.getEndpointIpv6().getLastAnswer()));
      }
    }
    return table.toString();
  }

  private static String features(Node node) {
    var table = new TextTable("FEATURE", "PRESENCE", "SINCE", "PURPOSE");
    for (var feature : node.getFeaturesList()) {
      boolean missing = feature.getPresence() == FeaturePresence.MISSING;
      String fallback = missing && !feature.getFallback().isEmpty() ? feature.getFallback() : "";
      table.row(
          feature.getName(),
          Texts.word(feature.getPresence(), "FEATURE_PRESENCE_"),
          feature.getSince(),
          feature.getPurpose() + (fallback.isEmpty() ? "" : "; instead: " + fallback));
    }
    return table.toString();
  }
}
