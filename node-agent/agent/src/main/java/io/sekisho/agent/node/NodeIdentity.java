package io.sekisho.agent.node;

import com.google.common.net.InetAddresses;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What hardly changes of a node while its agent runs.
 *
 * @param name unique in the cluster
 * @param addresses underlay addresses
 * @param podCidrs ranges of its pods
 * @param grpc where its agent is reached, if it serves TCP
 * @param version the agent's
 * @param kernel release of the kernel
 * @param started when the agent began to serve
 * @param startTook from the process's start to that
 */
public record NodeIdentity(
    String name,
    List<InetAddress> addresses,
    List<Cidr> podCidrs,
    Optional<InetSocketAddress> grpc,
    String version,
    String kernel,
    Instant started,
    Duration startTook) {

  /** Keeps immutable copies. */
  public NodeIdentity {
    addresses = List.copyOf(addresses);
    podCidrs = List.copyOf(podCidrs);
  }

  /** The same node with other ranges. */
  NodeIdentity withPodCidrs(List<Cidr> ranges) {
    return new NodeIdentity(name, addresses, ranges, grpc, version, kernel, started, startTook);
  }

  /** The same node with other underlay addresses. */
  NodeIdentity at(List<InetAddress> others) {
    return new NodeIdentity(name, others, podCidrs, grpc, version, kernel, started, startTook);
  }

  /** The part of the cluster's node that does not change. */
  Node.Builder toApi() {
    var out =
        Node.newBuilder()
            .setName(name)
            .setGrpcAddress(grpc.map(this::text).orElse(""))
            .setVersion(version)
            .setKernel(kernel)
            .setStarted(Times.timestamp(started));
    addresses.stream().map(InetAddresses::toAddrString).forEach(out::addAddresses);
    podCidrs.stream().map(Cidr::toString).forEach(out::addPodCidrs);
    return out;
  }

  /** Who listens on every address is told of by the underlay's. */
  private String text(InetSocketAddress listen) {
    InetAddress host =
        listen.getAddress().isAnyLocalAddress() ? addresses.getFirst() : listen.getAddress();
    return InetAddresses.toUriString(host) + ":" + listen.getPort();
  }
}
