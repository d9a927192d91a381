package io.sekisho.agent;

import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.datapath.NodeKernel;
import io.sekisho.agent.node.FeaturePart;
import io.sekisho.agent.node.Machine;
import io.sekisho.agent.node.NetworkPart;
import io.sekisho.agent.node.NodeIdentity;
import io.sekisho.agent.node.NodePart;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the node tells of itself beside what its parts count. */
final class SelfReport {
  private final AgentConfig config;
  private final List<InetAddress> underlay;
  private final NodeKernel kernel;
  private final FeaturePart features = new FeaturePart();

  SelfReport(AgentConfig config, List<InetAddress> underlay, NodeKernel kernel) {
    this.config = config;
    this.underlay = underlay;
    this.kernel = kernel;
  }

  /** What does not change while the agent runs. */
  NodeIdentity identity(
      List<Cidr> ranges, Optional<InetSocketAddress> grpc, String version, Instant now) {
    return new NodeIdentity(
        config.node().name(),
        underlay,
        ranges,
        grpc,
        version,
        Machine.kernel(),
        now,
        Machine.age(now));
  }

  /** What may change. */
  List<NodePart> parts(NodePart probing) {
    return List.of(new NetworkPart(config, underlay, Machine::mtu), features, probing);
  }

  /** Begins to try what the kernel can do; the agent serves by now. */
  void begin() {
    features.begin(kernel::features);
  }
}
