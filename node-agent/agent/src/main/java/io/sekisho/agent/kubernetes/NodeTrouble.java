package io.sekisho.agent.kubernetes;

import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.kubernetes.OwnNode.Facts;
import io.sekisho.policy.Cidr;
import java.util.List;
import java.util.Optional;

/** What is wrong with the node's own object in Kubernetes: it was deleted, or has other ranges. */
final class NodeTrouble {
  private final AgentConfig config;
  private final OwnNode node;
  private Optional<Facts> looked = Optional.empty();
  private Optional<String> sentence = Optional.empty();

  NodeTrouble(AgentConfig config, OwnNode node) {
    this.config = config;
    this.node = node;
  }

  /** In a sentence; belongs to one thread. */
  Optional<String> sentence() {
    Optional<Facts> now = node.facts();
    if (now.isEmpty()) {
      looked = now;
      return node.told()
          ? Optional.of(
              "the node is not in Kubernetes: pods, policies and the labels that it had go on, new"
                  + " pods do not come")
          : Optional.empty();
    }
    if (!now.equals(looked)) {
      looked = now;
      sentence = ranges(now.get().ranges());
    }
    return sentence;
  }

  private Optional<String> ranges(List<Cidr> ranges) {
    boolean ours = config.pods().cidrs().isEmpty() && config.pods().pools().isEmpty();
    List<Cidr> kept = ours ? NodeRanges.kept(config.dirs().state()) : List.of();
    if (ranges.isEmpty() || kept.isEmpty() || ranges.equals(kept)) {
      return Optional.empty();
    }
    return Optional.of(
        "Kubernetes gives the node the ranges "
            + ranges
            + " now, its pods have addresses of "
            + kept
            + ": drain it and start the agent anew");
  }
}
