package io.sekisho.agent.rpc;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.pki.Role;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.PathsGrpc;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Paths between endpoints. The agent of the source's node says the stations and sends the pings;
 * any other asks it. A call that is cancelled, or whose deadline is over, ends the pings.
 */
final class PathsService extends PathsGrpc.PathsImplBase {
  /** More than 20 pings take, and the look into flows afterwards. */
  private static final int SECONDS = 15;

  private final AgentServices services;
  private final Peers peers;
  private final PathDrops drops;

  PathsService(AgentServices services, Peers peers) {
    this.services = services;
    this.peers = peers;
    drops = new PathDrops(services.node(), services.flows(), peers);
  }

  @Override
  public void trace(TracePathRequest request, StreamObserver<TracePathResponse> observer) {
    Thread caller = Thread.currentThread();
    Context context = Context.current();
    Context.CancellationListener listener = cancelled -> caller.interrupt();
    context.addListener(listener, Runnable::run);
    try {
      Errors.answer(observer, () -> trace(request));
    } finally {
      context.removeListener(listener);
    }
  }

  private TracePathResponse trace(TracePathRequest request) {
    if (!request.getSource().contains("/")) {
      throw Status.INVALID_ARGUMENT
          .withDescription("the source '" + request.getSource() + "' is not namespace/pod")
          .asRuntimeException();
    }
    Optional<String> node = nodeOf(request.getSource());
    boolean here = node.isEmpty() || node.get().equals(services.node());
    return here || isAskedByPeer() ? traceHere(request) : ask(node.get(), request);
  }

  private static boolean isAskedByPeer() {
    return Boolean.TRUE.equals(ObserverService.LOCAL.get()) || Caller.current().role() == Role.NODE;
  }

  /** The node of an endpoint; empty if the cluster does not know it. */
  private Optional<String> nodeOf(String source) {
    Inventory inventory = services.cluster().inventory();
    return inventory.endpoints().values().stream()
        .filter(e -> (e.getNamespace() + "/" + e.getPod()).equals(source))
        .map(Endpoint::getNode)
        .findFirst();
  }

  private TracePathResponse traceHere(TracePathRequest request) {
    var since = drops.now();
    TracePathResponse traced = services.paths().trace(request);
    return traced.getPing().getAnswered() > 0 ? traced : drops.addTo(traced, since);
  }

  private TracePathResponse ask(String node, TracePathRequest request) {
    Peers.Peer peer =
        peers
            .named(node)
            .orElseThrow(
                () ->
                    Status.UNAVAILABLE
                        .withDescription("the agent of " + node + " is not known, or is gone")
                        .asRuntimeException());
    try {
      return PathsGrpc.newBlockingStub(peer.channel())
          .withInterceptors(Peers.Peer.local())
          .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
          .trace(request);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
        throw Status.UNAVAILABLE
            .withDescription("the agent of " + node + " does not answer: " + NodeEvents.reason(e))
            .withCause(e)
            .asRuntimeException();
      }
      throw e;
    }
  }
}
