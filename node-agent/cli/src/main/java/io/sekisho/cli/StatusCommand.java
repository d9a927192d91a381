package io.sekisho.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sekisho.api.observer.ServerStatusRequest;
import io.sekisho.api.observer.ServerStatusResponse;
import io.sekisho.api.v1.HistoryRequest;
import io.sekisho.api.v1.HistoryResponse;
import io.sekisho.api.v1.ListNodesRequest;
import io.sekisho.api.v1.ListNodesResponse;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how the cluster is, as the agent sees it. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "How the cluster is, as the agent sees it; exit code 1 if a node is not ready.",
      "With --kubeconfig or --context: whether every node has its agent, as Kubernetes sees it."
    })
final class StatusCommand extends AgentCommand {
  @Mixin private Output output;
  @Mixin private ClusterOptions cluster;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "sekisho-system",
      description = "Where Sekisho is in Kubernetes; ${DEFAULT-VALUE} unless given.")
  private String namespace;

  @Option(names = "--wait", description = "Of Kubernetes: wait until every node has its agent.")
  private boolean wait;

  @Override
  public void run() {
    if (cluster.given() || wait) {
      new ClusterStatus(cluster, namespace, out()).print(wait);
    } else {
      super.run();
    }
  }

  @Override
  void ask(AgentClient client) {
    var flows = client.observer().serverStatus(ServerStatusRequest.getDefaultInstance());
    var nodes = client.nodes().list(ListNodesRequest.getDefaultInstance());
    var head = head(client);
    if (output.isJson()) {
      out().println(json(flows, nodes, head));
    } else {
      out().print(text(flows, nodes, head));
    }
    List<String> notReady =
        nodes.getNodesList().stream()
            .filter(node -> node.getState() != NodeState.READY)
            .map(Node::getName)
            .toList();
    if (!notReady.isEmpty()) {
      throw new CliException(
          CliException.Code.REFUSED, "not ready: " + String.join(", ", notReady));
    }
  }

  /** The head; unknown while the store is away. */
  private static String head(AgentClient client) {
    try {
      HistoryResponse history =
          client.revisions().history(HistoryRequest.newBuilder().setLimit(1).build());
      return String.valueOf(history.getHead());
    } catch (io.grpc.StatusRuntimeException e) {
      return "unknown";
    }
  }

  private static String text(ServerStatusResponse flows, ListNodesResponse nodes, String head) {
    var out = new StringBuilder();
    out.append("Revision in force  ").append(head).append('\n');
    out.append("Flows              ")
        .append(flows.getNumFlows() + " of " + flows.getMaxFlows() + " kept, ")
        .append(flows.getSeenFlows() + " seen\n");
    var table = new TextTable("NODE", "STATE", "STORE", "ENDPOINTS", "REVISION", "RSS", "MESSAGE");
    for (Node node : nodes.getNodesList()) {
      table.row(
          node.getName(),
          Texts.word(node.getState(), "NODE_STATE_"),
          node.getStore(),
          node.getEndpoints(),
          node.getRealizedRevision(),
          (node.getAgentRssBytes() >> 20) + " MiB",
          node.getMessage());
    }
    return out.append('\n').append(table).toString();
  }

  private static String json(ServerStatusResponse flows, ListNodesResponse nodes, String head) {
    var all = new JsonObject();
    all.addProperty("head", head);
    all.add("flows", JsonParser.parseString(Output.json(flows)));
    all.add("nodes", JsonParser.parseString(Output.json(nodes)).getAsJsonObject().get("nodes"));
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all);
  }
}
