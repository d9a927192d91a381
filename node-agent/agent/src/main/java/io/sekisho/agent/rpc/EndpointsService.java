package io.sekisho.agent.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Change;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointEvent;
import io.sekisho.api.v1.EndpointsGrpc;
import io.sekisho.api.v1.ListEndpointsRequest;
import io.sekisho.api.v1.ListEndpointsResponse;
import io.sekisho.api.v1.WatchRequest;
import java.util.Comparator;
import java.util.Optional;

/** Endpoints of all nodes. */
final class EndpointsService extends EndpointsGrpc.EndpointsImplBase {
  private static final Comparator<Endpoint> ORDER =
      Comparator.comparing(Endpoint::getNode).thenComparing(Endpoint::getId);

  private final InventoryHistory history;

  EndpointsService(InventoryHistory history) {
    this.history = history;
  }

  @Override
  public void list(ListEndpointsRequest request, StreamObserver<ListEndpointsResponse> observer) {
    Errors.answer(
        observer,
        () -> {
          Inventory now = history.latest();
          var response = ListEndpointsResponse.newBuilder().setResourceVersion(now.version());
          now.endpoints().values().stream().sorted(ORDER).forEach(response::addEndpoints);
          return response.build();
        });
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<EndpointEvent> observer) {
    var call = (ServerCallStreamObserver<EndpointEvent>) observer;
    var stream =
        new WatchStream<>(
            history,
            Inventory::endpoints,
            EndpointsService::event,
            request.getResourceVersion(),
            call);
    Thread.ofVirtual().name("watch-endpoints").start(stream);
  }

  private static EndpointEvent event(Change change, Optional<Endpoint> endpoint, long version) {
    var event = EndpointEvent.newBuilder().setChange(change).setResourceVersion(version);
    endpoint.ifPresent(e -> event.setEndpoint(change == Change.REMOVED ? name(e) : e));
    return event.build();
  }

  private static Endpoint name(Endpoint endpoint) {
    return Endpoint.newBuilder().setNode(endpoint.getNode()).setId(endpoint.getId()).build();
  }
}
