package io.sekisho.agent.revision;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.Problem;
import io.sekisho.policy.Rule;
import io.sekisho.policy.Severity;
import io.sekisho.policy.check.NodeTraps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** What documents do to the nodes of this cluster, and whether they can mean it. */
public final class NodeChecks implements Function<List<PolicyDocument>, List<Problem>> {
  private final Supplier<Inventory> inventory;
  private final int agentPort;
  private final boolean apiServers;

  /**
   * Checks for a cluster.
   *
   * @param agentPort TCP port of the agents
   * @param apiServers whether it is known where Kubernetes' API is
   */
  public NodeChecks(Supplier<Inventory> inventory, int agentPort, boolean apiServers) {
    this.inventory = inventory;
    this.agentPort = agentPort;
    this.apiServers = apiServers;
  }

  @Override
  public List<Problem> apply(List<PolicyDocument> documents) {
    var labels = new HashMap<String, Labels>();
    var addresses = new HashMap<String, List<Cidr>>();
    inventory
        .get()
        .nodes()
        .forEach(
            (name, node) -> {
              labels.put(name, NodeLabels.of(NodeLabels.HOST, node.getLabelsList(), key -> true));
              addresses.put(name, addresses(node));
            });
    var out = new ArrayList<>(NodeTraps.find(documents, labels, addresses, agentPort));
    for (int i = 0; i < documents.size() && !apiServers; i++) {
      int text = i;
      PolicyDocument document = documents.get(i);
      document
          .rules()
          .filter(NodeChecks::namesApiServers)
          .forEach(rule -> out.add(unknown(text, document, rule)));
    }
    return out;
  }

  private static List<Cidr> addresses(Node node) {
    var out = new ArrayList<Cidr>();
    for (String text : node.getAddressesList()) {
      try {
        out.add(Cidr.parse(text));
      } catch (IllegalArgumentException e) {
        continue; // what others tell may be wrong
      }
    }
    return out;
  }

  private static boolean namesApiServers(Rule rule) {
    return rule.peers().contains(new Peer.Group(Entity.KUBE_APISERVER));
  }

  /** What denies must not miss anybody. */
  private static Problem unknown(int text, PolicyDocument document, Rule rule) {
    return new Problem(
        rule.deny() ? Severity.ERROR : Severity.WARNING,
        text,
        document.documentName().toString(),
        rule.reference().line(),
        1,
        "which addresses 'kube-apiserver' has is not known: name them in cluster.apiServers of the"
            + " agents' configuration",
        "");
  }
}
