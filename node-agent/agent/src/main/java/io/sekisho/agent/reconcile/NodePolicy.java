package io.sekisho.agent.reconcile;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.identity.ApiServers;
import io.sekisho.agent.ipcache.Ipcache;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.compile.FailSafe;
import io.sekisho.policy.compile.PolicyCompiler;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What this node knows of nodes as peers and subjects of policy, by configuration and by
 * Kubernetes.
 *
 * @param labels this node's labels as texts
 * @param failSafe what of its own traffic always passes
 * @param apiServers where Kubernetes' API is
 * @param spared ranges that deny lists never deny
 */
public record NodePolicy(
    Collection<String> labels, FailSafe failSafe, ApiServers apiServers, List<Cidr> spared) {
  /** Keeps immutable copies. */
  public NodePolicy {
    labels = List.copyOf(labels);
    spared = List.copyOf(spared);
  }

  /** The same with other labels of this node. */
  NodePolicy labelled(Collection<String> others) {
    return new NodePolicy(others, failSafe, apiServers, spared);
  }

  /** This node, with all of its labels. */
  Identity host(List<InetAddress> addresses) {
    Labels all = NodeLabels.of(NodeLabels.HOST, labels, name -> true);
    return new Identity(
        Identity.HOST.number(), isApiServer(addresses) ? ApiServers.marked(all) : all);
  }

  /** The other nodes' labels, as far as the documents tell nodes apart by them. */
  Map<String, Labels> others(String self, Inventory inventory, PolicyCompiler documents) {
    Predicate<String> key = documents.nodeLabels()::contains;
    boolean servers = documents.names(Entity.KUBE_APISERVER);
    var out = new HashMap<String, Labels>();
    inventory
        .nodes()
        .forEach(
            (name, node) -> {
              if (!name.equals(self)) {
                out.put(name, labels(node, key, servers));
              }
            });
    return out;
  }

  private Labels labels(Node node, Predicate<String> key, boolean servers) {
    Labels labels = NodeLabels.of(NodeLabels.REMOTE, node.getLabelsList(), key);
    return servers && isApiServer(Ipcache.addresses(node)) ? ApiServers.marked(labels) : labels;
  }

  private boolean isApiServer(Collection<InetAddress> addresses) {
    return addresses.stream().map(Cidr::of).anyMatch(apiServers::holds);
  }
}
