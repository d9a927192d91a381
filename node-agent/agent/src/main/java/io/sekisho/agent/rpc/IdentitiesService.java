package io.sekisho.agent.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Change;
import io.sekisho.api.v1.IdentitiesGrpc;
import io.sekisho.api.v1.Identity;
import io.sekisho.api.v1.IdentityEvent;
import io.sekisho.api.v1.ListIdentitiesRequest;
import io.sekisho.api.v1.ListIdentitiesResponse;
import io.sekisho.api.v1.WatchRequest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Identities of the cluster, the reserved ones too, with how many endpoints have each. */
final class IdentitiesService extends IdentitiesGrpc.IdentitiesImplBase {
  private final InventoryHistory history;

  IdentitiesService(InventoryHistory history) {
    this.history = history;
  }

  private static Map<Integer, Identity> identities(Inventory inventory) {
    var endpoints = new HashMap<Integer, Integer>();
    inventory.endpoints().values().forEach(e -> endpoints.merge(e.getIdentity(), 1, Integer::sum));
    var all = new HashMap<Integer, Identity>();
    io.sekisho.policy.Identity.RESERVED.forEach(i -> all.put(i.number(), message(i, endpoints)));
    inventory.identities().values().forEach(i -> all.put(i.number(), message(i, endpoints)));
    return all;
  }

  private static Identity message(
      io.sekisho.policy.Identity identity, Map<Integer, Integer> endpoints) {
    return Identity.newBuilder()
        .setNumber(identity.number())
        .addAllLabels(identity.labels().texts())
        .setEndpoints(endpoints.getOrDefault(identity.number(), 0))
        .build();
  }

  @Override
  public void list(ListIdentitiesRequest request, StreamObserver<ListIdentitiesResponse> observer) {
    Errors.answer(
        observer,
        () -> {
          Inventory now = history.latest();
          var response = ListIdentitiesResponse.newBuilder().setResourceVersion(now.version());
          identities(now).values().stream()
              .sorted(Comparator.comparing(Identity::getNumber))
              .forEach(response::addIdentities);
          return response.build();
        });
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<IdentityEvent> observer) {
    var call = (ServerCallStreamObserver<IdentityEvent>) observer;
    var stream =
        new WatchStream<>(
            history,
            IdentitiesService::identities,
            IdentitiesService::event,
            request.getResourceVersion(),
            call);
    Thread.ofVirtual().name("watch-identities").start(stream);
  }

  private static IdentityEvent event(Change change, Optional<Identity> identity, long version) {
    var event = IdentityEvent.newBuilder().setChange(change).setResourceVersion(version);
    identity.ifPresent(
        i ->
            event.setIdentity(
                change == Change.REMOVED
                    ? Identity.newBuilder().setNumber(i.getNumber()).build()
                    : i));
    return event.build();
  }
}
