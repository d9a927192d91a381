package io.sekisho.policy.check;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Direction;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.PrefixList;
import io.sekisho.policy.Problem;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Requirement.Operator;
import io.sekisho.policy.Severity;
import io.sekisho.policy.compile.FailSafe;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds what documents do to nodes and probably do not mean: policies of nodes that would lock the
 * operators out, had the fail-safe ports not been, selectors of nodes that select none, deny lists
 * that cover nodes.
 */
public final class NodeTraps {
  private static final int SHOWN = 3;

  private final List<PolicyDocument> documents;
  private final Map<String, Labels> nodes;
  private final Map<String, List<Cidr>> addresses;
  private final Map<String, Integer> ports;
  private final PolicyCompiler compiler;
  private final List<Problem> problems = new ArrayList<>();
  private int text;

  private NodeTraps(
      List<PolicyDocument> documents,
      Map<String, Labels> nodes,
      Map<String, List<Cidr>> addresses,
      int agentPort) {
    this.documents = documents;
    this.nodes = nodes;
    this.addresses = addresses;
    this.ports = new TreeMap<>(Map.of("SSH", 22, "the console", agentPort));
    this.compiler =
        new PolicyCompiler(documents, EnforcementMode.DEFAULT, new FailSafe(List.of(), List.of()));
  }

  /**
   * Warnings; the problems' text is the place of the document in the list, and lines count in the
   * document's own text.
   *
   * @param nodes labels of the cluster's nodes, each as if it were the own one, by name
   * @param addresses the nodes' addresses, by name
   * @param agentPort TCP port of the agents, to which consoles speak
   */
  public static List<Problem> find(
      List<PolicyDocument> documents,
      Map<String, Labels> nodes,
      Map<String, List<Cidr>> addresses,
      int agentPort) {
    var traps = new NodeTraps(documents, new TreeMap<>(nodes), new TreeMap<>(addresses), agentPort);
    for (int i = 0; i < documents.size(); i++) {
      traps.text = i;
      documents.get(i).specs().stream().filter(PolicySpec::selectsNodes).forEach(traps::check);
      documents.get(i).prefixes().forEach(traps::check);
    }
    return List.copyOf(traps.problems);
  }

  private void warn(int line, String message) {
    String document = documents.get(text).documentName().toString();
    problems.add(new Problem(Severity.WARNING, text, document, line, 1, message, ""));
  }

  private void check(PolicySpec spec) {
    Optional<Labels> known = nodes.values().stream().filter(spec::selects).findFirst();
    if (known.isEmpty() && !nodes.isEmpty()) {
      warn(spec.line(), "no node is selected by " + spec.subject());
    }
    Labels node = known.orElseGet(() -> imagined(spec));
    if (!spec.standing().audit()) {
      ports.forEach(
          (who, port) -> {
            if (isCut(node, port)) {
              warn(
                  spec.line(),
                  "nobody may reach port %d/TCP of these nodes: without the fail-safe ports this cuts %s off"
                      .formatted(port, who));
            }
          });
    }
  }

  /** Labels that a node must have to be selected. */
  private static Labels imagined(PolicySpec spec) {
    var texts = new TreeSet<>(Set.of(NodeLabels.HOST));
    for (Requirement requirement : spec.subject().requirements()) {
      if (requirement.operator() == Operator.IN) {
        texts.add(requirement.key() + "=" + requirement.values().first());
      }
    }
    return Labels.of(texts);
  }

  private boolean isCut(Labels node, int port) {
    if (compiler.rulings(node, Direction.INGRESS).inForce().rules().isEmpty()
        && !compiler.rulings(node, Direction.INGRESS).inForce().isolated()) {
      return false;
    }
    var evaluator = new Evaluator(compiler, false);
    var host = new Identity(Identity.HOST.number(), node);
    Stream<Identity> prefixes =
        compiler.cidrs().stream().map(c -> new Identity(Identity.FIRST_LOCAL, CidrLabels.of(c)));
    return Stream.concat(
            Stream.of(Identity.WORLD, Identity.REMOTE_NODE, Identity.KUBE_APISERVER), prefixes)
        .map(peer -> new Question(peer, host, PortRange.TCP, port, Direction.INGRESS))
        .noneMatch(question -> evaluator.evaluate(question).allowed());
  }

  private void check(PrefixList list) {
    var covered = new ArrayList<String>();
    addresses.forEach(
        (node, own) -> {
          for (Cidr address : own) {
            list.deny().stream()
                .filter(address::inside)
                .findFirst()
                .ifPresent(prefix -> covered.add(prefix + " covers the node " + node));
          }
        });
    if (!covered.isEmpty()) {
      String more = covered.size() > SHOWN ? ", and " + (covered.size() - SHOWN) + " more" : "";
      warn(
          1,
          String.join(", ", covered.subList(0, Math.min(SHOWN, covered.size())))
              + more
              + ": nodes of the cluster are spared all the same");
    }
    if (!nodes.isEmpty() && nodes.values().stream().noneMatch(list.nodes()::matches)) {
      warn(1, "no node is selected by " + list.nodes());
    }
  }
}
