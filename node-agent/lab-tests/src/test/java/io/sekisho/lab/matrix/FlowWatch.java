package io.sekisho.lab.matrix;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.FlowFilter;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.TrafficDirection;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.v1.FlowDetail;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.policy.Direction;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Follows what the agents' own flows say of connections that policy audits or drops. */
final class FlowWatch implements AutoCloseable {
  /** A header by which an agent answers for its own node alone. */
  private static final Metadata.Key<String> LOCAL =
      Metadata.Key.of("sekisho-local", Metadata.ASCII_STRING_MARSHALLER);

  /** Hubble's number of an event that tells a verdict of policy; others repeat what it said. */
  private static final int POLICY_VERDICT = 5;

  private static final long LOOK_MILLIS = 20;

  private final Map<InetAddress, String> places;
  private final Context.CancellableContext context = Context.current().withCancellation();

  // under this object's lock
  private final Set<Judged> told = new HashSet<>();
  private long since = System.currentTimeMillis();

  /**
   * Begins now.
   *
   * @param agents one for each node
   * @param places who has an address
   */
  FlowWatch(List<ManagedChannel> agents, Map<InetAddress, String> places) {
    this.places = Map.copyOf(places);
    // a stream begins when it is ready: what came before it is told too
    Timestamp now = Timestamps.fromMillis(since);
    for (ManagedChannel agent : agents) {
      Thread.ofPlatform().daemon().start(() -> context.run(() -> follow(agent, now)));
    }
  }

  private void follow(ManagedChannel agent, Timestamp from) {
    Metadata headers = new Metadata();
    headers.put(LOCAL, "1");
    GetFlowsRequest request =
        GetFlowsRequest.newBuilder()
            .setFollow(true)
            .setSince(from)
            .addWhitelist(
                FlowFilter.newBuilder().addVerdict(Verdict.AUDIT).addVerdict(Verdict.DROPPED))
            .build();
    try {
      Iterator<GetFlowsResponse> responses =
          ObserverGrpc.newBlockingStub(agent)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .getFlows(request);
      while (responses.hasNext()) {
        GetFlowsResponse response = responses.next();
        if (response.hasFlow()) {
          take(response.getFlow());
        }
      }
    } catch (StatusRuntimeException e) {
      // cancelled by close, or the agent went away: then no flow comes
    }
  }

  private synchronized void take(Flow flow) {
    boolean audited =
        flow.getVerdict() == Verdict.AUDIT && flow.getEventType().getType() == POLICY_VERDICT;
    boolean dropped =
        flow.getDropReasonDesc() == DropReason.POLICY_DENIED
            || flow.getDropReasonDesc() == DropReason.POLICY_DENY;
    if ((audited || dropped) && Timestamps.toMillis(flow.getTime()) >= since) {
      boolean egress = flow.getTrafficDirection() == TrafficDirection.EGRESS;
      Direction direction = egress ? Direction.EGRESS : Direction.INGRESS;
      link(flow).map(l -> new Judged(l, direction, audited, rule(flow))).ifPresent(told::add);
    }
  }

  /** The connection of a flow; empty if it is none that the matrix tries. */
  private Optional<Link> link(Flow flow) {
    Layer4 l4 = flow.getL4();
    Protocol protocol = l4.hasTCP() ? Protocol.TCP : l4.hasUDP() ? Protocol.UDP : Protocol.SCTP;
    int port =
        switch (protocol) {
          case TCP -> l4.getTCP().getDestinationPort();
          case UDP -> l4.getUDP().getDestinationPort();
          case SCTP -> l4.getSCTP().getDestinationPort();
        };
    InetAddress source = InetAddress.ofLiteral(flow.getIP().getSource());
    String from = places.get(source);
    String to = places.get(InetAddress.ofLiteral(flow.getIP().getDestination()));
    if (from == null || to == null || !Plan.PORTS.contains(port)) {
      return Optional.empty();
    }
    return Optional.of(new Link(from, to, protocol, port, source.getAddress().length > 4));
  }

  private static String rule(Flow flow) {
    try {
      RuleRef rule = flow.getExtensions().unpack(FlowDetail.class).getRule();
      if (rule.getId() == RuleRef.Reserved.DEFAULT_DENY_VALUE) {
        return Judged.DEFAULT_DENY;
      }
      String namespace = rule.getNamespace().isEmpty() ? "" : rule.getNamespace() + "/";
      return namespace + rule.getName() + ":" + rule.getIndex();
    } catch (InvalidProtocolBufferException e) {
      return "no detail: " + e.getMessage();
    }
  }

  /** Forgets what was told, and takes nothing that happened before this moment. */
  synchronized void begin() {
    since = System.currentTimeMillis();
    told.clear();
  }

  /** Waits until all of these were told; those that were not in time. */
  synchronized Set<Judged> untold(Set<Judged> expected, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    Set<Judged> untold = new HashSet<>(expected);
    untold.removeAll(told);
    while (!untold.isEmpty() && System.nanoTime() - end < 0) {
      try {
        wait(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return untold;
      }
      untold.removeAll(told);
    }
    return untold;
  }

  /** What was told since the beginning beside what was expected. */
  synchronized Set<Judged> beside(Set<Judged> expected) {
    return told.stream().filter(t -> !expected.contains(t)).collect(Collectors.toSet());
  }

  @Override
  public void close() {
    context.cancel(null);
  }
}
