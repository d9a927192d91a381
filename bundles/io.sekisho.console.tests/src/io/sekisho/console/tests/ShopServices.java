package io.sekisho.console.tests;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sekisho.api.flow.LostEvent;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.observer.ServerStatusRequest;
import io.sekisho.api.observer.ServerStatusResponse;
import io.sekisho.api.relay.NodeState;
import io.sekisho.api.relay.NodeStatusEvent;
import io.sekisho.api.v1.Change;
import io.sekisho.api.v1.CounterExample;
import io.sekisho.api.v1.EndpointEvent;
import io.sekisho.api.v1.EndpointsGrpc;
import io.sekisho.api.v1.EnforcementGrpc;
import io.sekisho.api.v1.EnforcementMode;
import io.sekisho.api.v1.EnforcementStatus;
import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.api.v1.GetEnforcementRequest;
import io.sekisho.api.v1.GetRevisionRequest;
import io.sekisho.api.v1.HistoryRequest;
import io.sekisho.api.v1.HistoryResponse;
import io.sekisho.api.v1.IdentitiesGrpc;
import io.sekisho.api.v1.IdentityEvent;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeEvent;
import io.sekisho.api.v1.NodesGrpc;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.RevisionsGrpc;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.api.v1.Severity;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.api.v1.WatchRequest;
import io.sekisho.console.core.ClusterInventory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** The services of {@link ShopServer}. */
final class ShopServices implements AutoCloseable {
  private static final long NANOS = 1_000_000_000L;
  private static final int BATCH_MILLIS = 20;

  /** What becomes of one expectation when nobody may ask the resolver. */
  private static final ExpectationResult BROKEN =
      ExpectationResult.newBuilder()
          .setName("names-resolve")
          .setState(ExpectationResult.State.BROKEN)
          .setReason("without names the shop stands still")
          .setCounterExample(
              CounterExample.newBuilder()
                  .setText("shop/frontend-0 can't reach kube-system/dns-0 on 53/UDP"))
          .build();

  /** Recorded flows. */
  static final int RECORDED = 4_000;

  private final List<ServerCallStreamObserver<GetFlowsResponse>> followers =
      new CopyOnWriteArrayList<>();
  private final List<GetFlowsRequest> asked = new CopyOnWriteArrayList<>();
  private final ClusterInventory inventory = Shop.inventory();
  private final List<Revision> revisions = new CopyOnWriteArrayList<>();
  private final List<PushRequest> pushed = new CopyOnWriteArrayList<>();
  private final List<RollbackRequest> restored = new CopyOnWriteArrayList<>();
  private final ShopPaths paths = new ShopPaths();
  private final List<StreamObserver<NodeEvent>> watchers = new ArrayList<>();
  private volatile int flowsPerSecond;
  private volatile boolean over;

  ShopServices(int flowsPerSecond) {
    this.flowsPerSecond = flowsPerSecond;
    revisions.add(revision(42, "shop/payment-in: 1 rule added"));
    revisions.add(revision(41, "shop/deny-world: new"));
    Thread.ofPlatform().daemon().name("shop traffic").start(this::traffic);
  }

  List<BindableService> all() {
    return List.of(
        new Observer(),
        new Nodes(),
        new Endpoints(),
        new Identities(),
        new Revisions(),
        new Enforcement(),
        paths);
  }

  ShopPaths paths() {
    return paths;
  }

  /** Tells every watcher of nodes that one has changed. */
  void node(Node node) {
    NodeEvent event = NodeEvent.newBuilder().setChange(Change.UPSERTED).setNode(node).build();
    synchronized (watchers) {
      watchers.forEach(w -> w.onNext(event));
    }
  }

  /** Requests for flows so far. */
  List<GetFlowsRequest> asked() {
    return asked;
  }

  /** What was restored so far. */
  List<RollbackRequest> restored() {
    return restored;
  }

  /** What was pushed so far. */
  List<PushRequest> pushed() {
    return pushed;
  }

  void rate(int perSecond) {
    flowsPerSecond = perSecond;
  }

  /** Tells every follower that events were lost. */
  void lose(long events) {
    GetFlowsResponse lost =
        GetFlowsResponse.newBuilder()
            .setLostEvents(LostEvent.newBuilder().setNumEventsLost(events))
            .build();
    followers.forEach(f -> send(f, lost));
  }

  /** Tells every follower that a node stopped to answer, or answers again. */
  void node(String name, NodeState state) {
    GetFlowsResponse event =
        GetFlowsResponse.newBuilder()
            .setNodeStatus(NodeStatusEvent.newBuilder().setStateChange(state).addNodeNames(name))
            .build();
    followers.forEach(f -> send(f, event));
  }

  private static Revision revision(long number, String message) {
    return Revision.newBuilder()
        .setNumber(number)
        .setBase(number - 1)
        .setAuthor("alice")
        .setMessage(message)
        .setCreated(Timestamp.newBuilder().setSeconds(System.currentTimeMillis() / 1000 - 29 * 60))
        .setState(RevisionState.CONFIRMED)
        .setChanged(1)
        .build();
  }

  private void traffic() {
    Random random = new Random(7);
    double owed = 0;
    while (!over) {
      owed += flowsPerSecond * BATCH_MILLIS / 1000.0;
      long now = System.currentTimeMillis() * 1_000_000;
      List<GetFlowsResponse> batch = new ArrayList<>();
      for (; owed >= 1; owed--) {
        batch.add(Wire.response(Shop.flow(random, now + batch.size())));
      }
      followers.forEach(f -> batch.forEach(r -> send(f, r)));
      LockSupport.parkNanos(BATCH_MILLIS * 1_000_000L);
    }
  }

  private void send(ServerCallStreamObserver<GetFlowsResponse> follower, GetFlowsResponse r) {
    synchronized (follower) {
      if (follower.isCancelled()) {
        followers.remove(follower);
      } else {
        follower.onNext(r);
      }
    }
  }

  @Override
  public void close() {
    over = true;
  }

  private final class Observer extends ObserverGrpc.ObserverImplBase {
    @Override
    public void serverStatus(
        ServerStatusRequest request, StreamObserver<ServerStatusResponse> out) {
      out.onNext(ServerStatusResponse.newBuilder().setVersion("0.1.0").build());
      out.onCompleted();
    }

    @Override
    public void getFlows(GetFlowsRequest request, StreamObserver<GetFlowsResponse> out) {
      asked.add(request);
      if (!request.getFollow()) {
        recorded(out);
        return;
      }
      var follower = (ServerCallStreamObserver<GetFlowsResponse>) out;
      follower.setOnCancelHandler(() -> followers.remove(follower));
      synchronized (follower) {
        followers.add(follower);
        if (!request.hasSince()) {
          past(follower);
        }
      }
    }

    /** What the rings hold: the same for everybody who asks for the past alone. */
    private void recorded(StreamObserver<GetFlowsResponse> out) {
      Random random = new Random(3);
      long now = System.currentTimeMillis() * 1_000_000;
      for (int i = RECORDED; i > 0; i--) {
        out.onNext(Wire.response(Shop.flow(random, now - i * NANOS / 20)));
      }
      out.onCompleted();
    }

    /** Five minutes in few flows. */
    private void past(ServerCallStreamObserver<GetFlowsResponse> follower) {
      Random random = new Random(3);
      long now = System.currentTimeMillis() * 1_000_000;
      int count = Math.min(15_000, flowsPerSecond * 300);
      for (int i = count; i > 0; i--) {
        long at = now - Shop.SPAN_SECONDS * NANOS / Math.max(1, count) * i;
        follower.onNext(Wire.response(Shop.flow(random, at)));
      }
    }
  }

  private final class Nodes extends NodesGrpc.NodesImplBase {
    @Override
    public void watch(WatchRequest request, StreamObserver<NodeEvent> out) {
      inventory
          .nodes()
          .values()
          .forEach(
              n ->
                  out.onNext(NodeEvent.newBuilder().setChange(Change.UPSERTED).setNode(n).build()));
      out.onNext(NodeEvent.newBuilder().setChange(Change.SYNCED).build());
      synchronized (watchers) {
        watchers.add(out);
      }
    }
  }

  private final class Endpoints extends EndpointsGrpc.EndpointsImplBase {
    @Override
    public void watch(WatchRequest request, StreamObserver<EndpointEvent> out) {
      inventory
          .endpoints()
          .values()
          .forEach(
              e ->
                  out.onNext(
                      EndpointEvent.newBuilder()
                          .setChange(Change.UPSERTED)
                          .setEndpoint(e)
                          .build()));
      out.onNext(EndpointEvent.newBuilder().setChange(Change.SYNCED).build());
    }
  }

  private static final class Identities extends IdentitiesGrpc.IdentitiesImplBase {
    @Override
    public void watch(WatchRequest request, StreamObserver<IdentityEvent> out) {
      out.onNext(IdentityEvent.newBuilder().setChange(Change.SYNCED).build());
    }
  }

  private static final class Enforcement extends EnforcementGrpc.EnforcementImplBase {
    @Override
    public void get(GetEnforcementRequest request, StreamObserver<EnforcementStatus> out) {
      out.onNext(EnforcementStatus.newBuilder().setMode(EnforcementMode.ENFORCE_DEFAULT).build());
      out.onCompleted();
    }
  }

  private final class Revisions extends RevisionsGrpc.RevisionsImplBase {
    @Override
    public void history(HistoryRequest request, StreamObserver<HistoryResponse> out) {
      out.onNext(
          HistoryResponse.newBuilder()
              .addAllRevisions(revisions)
              .setHead(revisions.getFirst().getNumber())
              .build());
      out.onCompleted();
    }

    @Override
    public void get(GetRevisionRequest request, StreamObserver<Revision> out) {
      Revision head = revisions.getFirst();
      boolean old = request.getNumber() > 0 && request.getNumber() < head.getNumber();
      out.onNext(
          head.toBuilder()
              .setNumber(old ? request.getNumber() : head.getNumber())
              .addAllDocuments(old ? ShopDocuments.before() : ShopDocuments.all())
              .build());
      out.onCompleted();
    }

    @Override
    public void validate(ValidateRequest request, StreamObserver<ValidateResponse> out) {
      var answer = ValidateResponse.newBuilder();
      if (request.getTextsList().stream().anyMatch(t -> t.contains("deny-frontend-to-dns"))) {
        answer.addExpectations(BROKEN);
      }
      answer.addExpectations(
          ExpectationResult.newBuilder()
              .setName("world-stays-out")
              .setState(ExpectationResult.State.HOLDS)
              .setPairs(12));
      out.onNext(answer.build());
      out.onCompleted();
    }

    @Override
    public void push(PushRequest request, StreamObserver<PushResponse> out) {
      long head = revisions.getFirst().getNumber();
      if (request.getBase() != head) {
        out.onError(
            Status.ABORTED
                .withDescription("the head is revision " + head + ", not " + request.getBase())
                .asRuntimeException());
        return;
      }
      if (request.getUpsertList().stream().anyMatch(t -> t.contains("wrong"))) {
        out.onError(invalid());
        return;
      }
      pushed.add(request);
      revisions.addFirst(revision(head + 1, request.getMessage()));
      out.onNext(PushResponse.newBuilder().setRevision(revisions.getFirst()).build());
      out.onCompleted();
    }

    @Override
    public void rollback(RollbackRequest request, StreamObserver<PushResponse> out) {
      restored.add(request);
      long head = revisions.getFirst().getNumber();
      revisions.addFirst(revision(head + 1, request.getMessage()));
      out.onNext(PushResponse.newBuilder().setRevision(revisions.getFirst()).build());
      out.onCompleted();
    }

    private static Throwable invalid() {
      Problem problem =
          Problem.newBuilder()
              .setSeverity(Severity.ERROR)
              .setLine(3)
              .setColumn(5)
              .setMessage("unknown field 'wrong'")
              .build();
      return StatusProto.toStatusRuntimeException(
          com.google.rpc.Status.newBuilder()
              .setCode(Code.INVALID_ARGUMENT_VALUE)
              .setMessage("1 problem")
              .addDetails(Any.pack(ValidateResponse.newBuilder().addProblems(problem).build()))
              .build());
    }
  }
}
