package io.sekisho.agent.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.grpc.StatusRuntimeException;
import io.sekisho.agent.observer.FlowSource;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.FlowFilter;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.v1.FlowDetail;
import io.sekisho.api.v1.PathDrop;
import io.sekisho.api.v1.PathHop;
import io.sekisho.api.v1.TracePathResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Finds why pings got no answer: looks for a drop between the two addresses since the first ping,
 * in the flows of the source's node, then in those of the destination's. The reader of the kernel's
 * ring is at most some 25 ms behind, and the pings' timeout is longer.
 */
final class PathDrops {
  private static final long SECONDS = 3;

  /** How far another node's clock may be behind. */
  private static final long CLOCK_SKEW_MILLIS = 2_000;

  private final String node;
  private final FlowSource flows;
  private final Peers peers;

  PathDrops(String node, FlowSource flows, Peers peers) {
    this.node = node;
    this.flows = flows;
    this.peers = peers;
  }

  /** The moment from which drops count. */
  Timestamp now() {
    return Timestamps.fromMillis(System.currentTimeMillis());
  }

  /** The response with the drop, if one is found. */
  TracePathResponse addTo(TracePathResponse traced, Timestamp since) {
    List<PathHop> hops = traced.getHopsList();
    PathHop first = hops.getFirst();
    PathHop last = hops.getLast();
    Optional<PathDrop> drop =
        here(first.getAddress(), last.getAddress(), since)
            .or(() -> there(last.getNode(), first.getAddress(), last.getAddress(), since));
    return drop.map(d -> traced.toBuilder().setDrop(d).build()).orElse(traced);
  }

  private Optional<PathDrop> here(String from, String to, Timestamp since) {
    List<Flow> past = flows.past();
    for (int i = past.size() - 1; i >= 0; i--) {
      Flow flow = past.get(i);
      if (Timestamps.compare(flow.getTime(), since) < 0) {
        return Optional.empty();
      }
      if (isDrop(flow, from, to)) {
        return Optional.of(drop(node, flow));
      }
    }
    return Optional.empty();
  }

  private Optional<PathDrop> there(String other, String from, String to, Timestamp since) {
    if (other.equals(node)) {
      return Optional.empty();
    }
    return peers.named(other).flatMap(peer -> ask(peer, from, to, since));
  }

  private static Optional<PathDrop> ask(Peers.Peer peer, String from, String to, Timestamp since) {
    try {
      Iterator<GetFlowsResponse> told =
          peer.blocking()
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .getFlows(question(from, to, since));
      while (told.hasNext()) {
        Flow flow = told.next().getFlow();
        if (isDrop(flow, from, to)) {
          return Optional.of(drop(peer.node(), flow));
        }
      }
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      // Why nothing came back is then not known; that is what the response says.
      return Optional.empty();
    }
  }

  private static GetFlowsRequest question(String from, String to, Timestamp since) {
    Timestamp begin = Timestamps.fromMillis(Timestamps.toMillis(since) - CLOCK_SKEW_MILLIS);
    return GetFlowsRequest.newBuilder()
        .setSince(begin)
        .setNumber(100)
        .addWhitelist(filter(from, to))
        .addWhitelist(filter(to, from))
        .build();
  }

  private static FlowFilter filter(String from, String to) {
    return FlowFilter.newBuilder()
        .addSourceIp(from)
        .addDestinationIp(to)
        .addVerdict(Verdict.DROPPED)
        .addProtocol("icmp")
        .build();
  }

  /** A drop of an ICMP packet between the two, there or back. */
  private static boolean isDrop(Flow flow, String from, String to) {
    String source = flow.getIP().getSource();
    String destination = flow.getIP().getDestination();
    boolean icmp = flow.getL4().hasICMPv4() || flow.getL4().hasICMPv6();
    return flow.getVerdict() == Verdict.DROPPED
        && icmp
        && Stream.of(List.of(from, to), List.of(to, from))
            .anyMatch(List.of(source, destination)::equals);
  }

  private static PathDrop drop(String node, Flow flow) {
    var out = PathDrop.newBuilder().setNode(node).setReason(flow.getDropReasonDesc().name());
    if (flow.getExtensions().is(FlowDetail.class)) {
      try {
        var detail = flow.getExtensions().unpack(FlowDetail.class);
        if (detail.hasRule()) {
          out.setRule(detail.getRule());
        }
      } catch (InvalidProtocolBufferException e) {
        // Another version's detail: the reason stands for itself.
      }
    }
    return out.build();
  }
}
