package io.sekisho.lab;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.FlowFilter;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.v1.FlowDetail;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Follows the dropped flows that an agent tells, from now on. */
final class Drops implements AutoCloseable {
  private final List<Flow> flows = new CopyOnWriteArrayList<>();
  private final Context.CancellableContext context = Context.current().withCancellation();

  Drops(AgentClient agent) {
    GetFlowsRequest request =
        GetFlowsRequest.newBuilder()
            .setFollow(true)
            // a stream begins when it is ready: what came before it is told too
            .setSince(Timestamps.fromMillis(System.currentTimeMillis()))
            .addWhitelist(FlowFilter.newBuilder().addVerdict(Verdict.DROPPED))
            .build();
    Thread.ofPlatform()
        .daemon()
        .start(
            () ->
                context.run(
                    () -> {
                      try {
                        Iterator<GetFlowsResponse> responses =
                            ObserverGrpc.newBlockingStub(agent.channel()).getFlows(request);
                        while (responses.hasNext()) {
                          GetFlowsResponse response = responses.next();
                          if (response.hasFlow()) {
                            flows.add(response.getFlow());
                          }
                        }
                      } catch (StatusRuntimeException e) {
                        // cancelled by close, or the agent went away: then no flow comes
                      }
                    }));
  }

  /** Whether a drop by this rule was told, {@code namespace/name}. */
  boolean has(String rule) {
    return flows.stream().anyMatch(flow -> rule(flow).equals(rule));
  }

  List<String> rules() {
    return flows.stream().map(Drops::rule).distinct().toList();
  }

  /** Why what was sent to an address was dropped, and whose the address is. */
  List<String> reasonsTo(String address) {
    return flows.stream()
        .filter(flow -> flow.getIP().getDestination().equals(address))
        .map(
            f -> f.getDropReasonDesc() + " " + String.join(" ", f.getDestination().getLabelsList()))
        .distinct()
        .toList();
  }

  private static String rule(Flow flow) {
    try {
      FlowDetail detail = flow.getExtensions().unpack(FlowDetail.class);
      return detail.getRule().getNamespace() + "/" + detail.getRule().getName();
    } catch (InvalidProtocolBufferException e) {
      return "";
    }
  }

  @Override
  public void close() {
    context.cancel(null);
  }
}
