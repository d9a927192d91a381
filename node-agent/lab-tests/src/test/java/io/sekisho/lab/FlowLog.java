package io.sekisho.lab;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.observer.ObserverGrpc;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Follows all flows of some nodes, asked of each node itself, from now on. */
final class FlowLog implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A header by which an agent answers for its own node alone. */
  private static final Metadata.Key<String> LOCAL =
      Metadata.Key.of("sekisho-local", Metadata.ASCII_STRING_MARSHALLER);

  private final Timestamp since;
  private final List<AgentClient> agents = new ArrayList<>();
  private final List<Flow> flows = new CopyOnWriteArrayList<>();
  private final Context.CancellableContext context = Context.current().withCancellation();

  FlowLog(Lab lab, String... nodes) {
    // a stream begins when it is ready: what came before it is told too
    since = Timestamps.fromMillis(System.currentTimeMillis());
    for (String node : nodes) {
      AgentClient agent = lab.client(node);
      agents.add(agent);
      Thread.ofPlatform().daemon().start(() -> context.run(() -> follow(agent)));
    }
  }

  private void follow(AgentClient agent) {
    Metadata headers = new Metadata();
    headers.put(LOCAL, "1");
    GetFlowsRequest request = GetFlowsRequest.newBuilder().setFollow(true).setSince(since).build();
    try {
      Iterator<GetFlowsResponse> responses =
          ObserverGrpc.newBlockingStub(agent.channel())
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .getFlows(request);
      while (responses.hasNext()) {
        GetFlowsResponse response = responses.next();
        if (response.hasFlow()) {
          flows.add(response.getFlow());
        }
      }
    } catch (StatusRuntimeException e) {
      // cancelled by close, or the agent went away: then no flow comes
    }
  }

  /** Waits for a drop with this reason that fits; says which reasons were told if none comes. */
  void awaitDrop(DropReason reason, Predicate<Flow> fits) {
    Await.until(
        PATIENCE,
        () ->
            "no drop "
                + reason
                + ", but "
                + reasons(fits)
                + " (all: "
                + reasons(flow -> true)
                + ")",
        () ->
            flows.stream()
                .anyMatch(
                    flow ->
                        flow.getVerdict() == Verdict.DROPPED
                            && flow.getDropReasonDesc() == reason
                            && fits.test(flow)));
  }

  /** Waits for a forwarded flow that fits. */
  void awaitForwarded(String what, Predicate<Flow> fits) {
    Await.until(
        PATIENCE,
        () -> "no flow of " + what + " among " + flows.size() + ", drops " + reasons(flow -> true),
        () ->
            flows.stream()
                .anyMatch(flow -> flow.getVerdict() == Verdict.FORWARDED && fits.test(flow)));
  }

  /** Reasons of the drops that fit. */
  Set<String> reasons(Predicate<Flow> fits) {
    return flows.stream()
        .filter(flow -> flow.getVerdict() == Verdict.DROPPED && fits.test(flow))
        .map(flow -> flow.getDropReasonDesc() + " at " + flow.getNodeName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Predicate<Flow> from(InetAddress address) {
    return flow -> is(flow.getIP().getSource(), address);
  }

  static Predicate<Flow> to(InetAddress address) {
    return flow -> is(flow.getIP().getDestination(), address);
  }

  /** An IPv6 address has more than one text. */
  private static boolean is(String text, InetAddress address) {
    return !text.isEmpty() && InetAddress.ofLiteral(text).equals(address);
  }

  static Predicate<Flow> toPort(int port) {
    return flow -> {
      Layer4 l4 = flow.getL4();
      return l4.getUDP().getDestinationPort() == port || l4.getTCP().getDestinationPort() == port;
    };
  }

  static Predicate<Flow> at(String node) {
    return flow -> flow.getNodeName().endsWith(node);
  }

  @Override
  public void close() {
    context.cancel(null);
    agents.forEach(AgentClient::close);
  }
}
