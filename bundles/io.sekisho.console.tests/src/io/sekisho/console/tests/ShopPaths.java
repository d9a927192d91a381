package io.sekisho.console.tests;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.PathDrop;
import io.sekisho.api.v1.PathHop;
import io.sekisho.api.v1.PathHopKind;
import io.sekisho.api.v1.PathsGrpc;
import io.sekisho.api.v1.Ping;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Paths in {@link Shop}: payment is denied to everybody, what has to do with n3 is silent, the
 * backup never answers the call at all, and nobody reaches the agent of monitoring.
 */
final class ShopPaths extends PathsGrpc.PathsImplBase {
  /** Its call stays open until it is cancelled. */
  static final String SLOW = "ops/backup-0";

  /** The call fails: an agent does not answer. */
  static final String FAILING = "ops/monitoring-0";

  /** Packets to it leave by another device than the underlay. */
  static final String BY_UPLINK = "203.0.113.9";

  private static final List<Long> SAMPLES =
      List.of(412_000L, 388_000L, 395_000L, 1_204_000L, 401_000L);

  private final List<TracePathRequest> asked = new CopyOnWriteArrayList<>();
  private final List<TracePathRequest> cancelled = new CopyOnWriteArrayList<>();

  /** What was asked so far. */
  List<TracePathRequest> asked() {
    return asked;
  }

  /** Calls that the client has cancelled. */
  List<TracePathRequest> cancelled() {
    return cancelled;
  }

  @Override
  public void trace(TracePathRequest request, StreamObserver<TracePathResponse> out) {
    asked.add(request);
    Optional<Endpoint> source = endpoint(request.getSource());
    if (source.isEmpty()) {
      out.onError(
          Status.NOT_FOUND
              .withDescription("there is no endpoint " + request.getSource())
              .asRuntimeException());
      return;
    }
    if (request.getDestination().equals(SLOW)) {
      ((ServerCallStreamObserver<TracePathResponse>) out)
          .setOnCancelHandler(() -> cancelled.add(request));
      return;
    }
    if (request.getDestination().equals(FAILING)) {
      out.onError(Status.UNAVAILABLE.withDescription("n3 does not answer").asRuntimeException());
      return;
    }
    out.onNext(answer(source.get(), request));
    out.onCompleted();
  }

  private static Optional<Endpoint> endpoint(String name) {
    return Shop.inventory().endpoints().values().stream()
        .filter(e -> (e.getNamespace() + "/" + e.getPod()).equals(name))
        .findFirst();
  }

  private static TracePathResponse answer(Endpoint source, TracePathRequest request) {
    TracePathResponse.Builder answer = TracePathResponse.newBuilder();
    pod(answer, source, false);
    Optional<Endpoint> destination = endpoint(request.getDestination());
    if (destination.isEmpty()) {
      outside(answer, source.getNode(), request.getDestination());
      return answered(answer);
    }
    Endpoint to = destination.get();
    boolean far = !to.getNode().equals(source.getNode());
    if (far) {
      between(answer, source.getNode(), to.getNode());
    }
    pod(answer, to, true);
    if (to.getWorkload().equals("payment")) {
      return dropped(answer, to.getNode());
    }
    boolean silent = far && (to.getNode().equals("n3") || source.getNode().equals("n3"));
    return silent ? nothing(answer).build() : answered(answer);
  }

  private static void pod(TracePathResponse.Builder answer, Endpoint e, boolean last) {
    PathHop pod =
        hop(PathHopKind.POD, e.getNode(), e.getPod(), e.getAddresses(0), e.getNamespace())
            .setMtu(1450)
            .build();
    PathHop host =
        hop(
                PathHopKind.ENDPOINT_PROGRAM,
                e.getNode(),
                "sk" + e.getId(),
                "",
                "policy of " + e.getPod() + " is decided here")
            .build();
    answer.addHops(last ? host : pod);
    answer.addHops(last ? pod : host);
  }

  private static void between(TracePathResponse.Builder answer, String from, String to) {
    String words = "VXLAN 8472 from " + underlay(from) + " to " + underlay(to);
    answer.addHops(hop(PathHopKind.OVERLAY, from, "sk_vxlan", "", words).setMtu(1450));
    answer.addHops(hop(PathHopKind.UNDERLAY, from, "eth0", underlay(from), "").setMtu(1500));
    answer.addHops(
        hop(PathHopKind.UNDERLAY, to, "eth0", underlay(to), "").setMtu(1500).setRttNs(240_000));
    answer.addHops(
        hop(PathHopKind.OVERLAY, to, "sk_vxlan", "", words).setMtu(1450).setRttNs(400_000));
  }

  private static void outside(TracePathResponse.Builder answer, String node, String address) {
    boolean uplink = address.equals(BY_UPLINK);
    String source = uplink ? "198.19.0.1" : underlay(node);
    String device = uplink ? "eth1" : "eth0";
    PathHopKind kind = uplink ? PathHopKind.UPLINK : PathHopKind.UNDERLAY;
    String words = "source address becomes " + source;
    answer.addHops(hop(PathHopKind.MASQUERADE, node, "masquerade", source, words));
    answer.addHops(hop(kind, node, device, source, "").setMtu(1500));
    answer.addHops(hop(PathHopKind.OUTSIDE, "", address, address, "outside the cluster"));
  }

  private static PathHop.Builder hop(
      PathHopKind kind, String node, String name, String address, String detail) {
    return PathHop.newBuilder()
        .setKind(kind)
        .setNode(node)
        .setName(name)
        .setAddress(address)
        .setDetail(detail);
  }

  private static String underlay(String node) {
    return "198.18.0." + node.substring(1);
  }

  private static TracePathResponse answered(TracePathResponse.Builder answer) {
    return answer
        .addAllSamplesNs(SAMPLES)
        .setPing(Ping.newBuilder().setSent(5).setAnswered(5).setRttNs(401_000))
        .build();
  }

  private static TracePathResponse.Builder nothing(TracePathResponse.Builder answer) {
    return answer
        .addAllSamplesNs(List.of(0L, 0L, 0L, 0L, 0L))
        .setPing(Ping.newBuilder().setSent(5));
  }

  private static TracePathResponse dropped(TracePathResponse.Builder answer, String node) {
    RuleRef rule =
        RuleRef.newBuilder()
            .setId(77)
            .setKind("CiliumNetworkPolicy")
            .setNamespace("shop")
            .setName("deny-cart-to-payment")
            .setSection("ingressDeny")
            .setIndex(1)
            .setLine(8)
            .build();
    return nothing(answer)
        .setDrop(PathDrop.newBuilder().setNode(node).setReason("POLICY_DENIED").setRule(rule))
        .build();
  }
}
