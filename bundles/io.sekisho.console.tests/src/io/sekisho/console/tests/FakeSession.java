package io.sekisho.console.tests;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.api.v1.TracePolicyResponse;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.FlowBuffer;
import io.sekisho.console.core.FlowClient;
import io.sekisho.console.core.FlowTap;
import io.sekisho.console.core.Link;
import io.sekisho.console.core.PathClient;
import io.sekisho.console.core.PolicyClient;
import io.sekisho.console.core.Role;
import io.sekisho.console.core.TrafficHistory;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.flow.ServiceGraph;
import io.sekisho.impact.seen.Traffic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A session whose snapshots a test sets; listeners are told on the thread that sets them. */
public final class FakeSession implements ClusterSession {
  private final ConnectionProfile profile;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger retries = new AtomicInteger();
  private final FakeRevisions revisions = new FakeRevisions();
  private final FlowTap tap = new FlowTap(() -> tell(Topic.FLOWS));
  private volatile Optional<Document> beside = Optional.empty();
  private volatile Function<TracePolicyRequest, CompletableFuture<TracePolicyResponse>> traces =
      request ->
          CompletableFuture.failedFuture(
              new ConsoleException(ConsoleException.Code.INVALID, "There is no such pod.", null));
  private volatile Role role = Role.UNKNOWN;
  private volatile Link link = new Link.Connected("n1:4244");
  private volatile ClusterInventory inventory = ClusterInventory.EMPTY;
  private volatile FlowBuffer flows = FlowBuffer.EMPTY;
  private volatile ServiceGraph traffic = ServiceGraph.EMPTY;
  private volatile TrafficHistory history = TrafficHistory.EMPTY;
  private volatile Optional<KubernetesCluster> kubernetes = Optional.empty();

  /** A cluster without anything in it. */
  public FakeSession(String name) {
    this(
        new ConnectionProfile(
            name,
            List.of("198.18.0.1:4244"),
            Path.of("ca.crt"),
            Path.of("alice.crt"),
            Path.of("alice.key"),
            true));
  }

  /** The same of a profile. */
  public FakeSession(ConnectionProfile profile) {
    this.profile = profile;
  }

  /** The running shop of {@link Shop}, as it stands at a time. */
  public static FakeSession shop(long endSecond) {
    return new FakeSession("shop-prod").filled(endSecond);
  }

  /** This one with what runs in the shop. */
  FakeSession filled(long endSecond) {
    inventory(Shop.inventory());
    traffic(Shop.traffic(endSecond));
    flows(Shop.flows(endSecond, 1000));
    history(Shop.history(endSecond));
    return this;
  }

  /** Sets the state of the connection. */
  public void link(Link next) {
    link = next;
    tell(Topic.LINK);
  }

  /** Sets what our certificate lets us do. */
  public void role(Role next) {
    role = next;
    tell(Topic.LINK);
  }

  /** Sets what is in the cluster. */
  public void inventory(ClusterInventory next) {
    inventory = next;
    tell(Topic.INVENTORY);
  }

  /** Sets the newest flows. */
  public void flows(FlowBuffer next) {
    flows = next;
    tell(Topic.FLOWS);
  }

  /** Sets who talks to whom. */
  public void traffic(ServiceGraph next) {
    traffic = next;
    tell(Topic.TRAFFIC);
  }

  /** Sets the numbers per second. */
  public void history(TrafficHistory next) {
    history = next;
    tell(Topic.TRAFFIC);
  }

  /** Sets the API server; its news are told as ours. */
  public void kubernetes(KubernetesCluster next) {
    kubernetes = Optional.of(next);
    next.addListener(() -> tell(Topic.INVENTORY));
    tell(Topic.INVENTORY);
  }

  /** Tells that revisions changed. */
  public void revisionsChanged() {
    tell(Topic.REVISIONS);
  }

  private void tell(Topic topic) {
    listeners.forEach(l -> l.changed(topic));
  }

  @Override
  public ConnectionProfile profile() {
    return profile;
  }

  @Override
  public Link link() {
    return link;
  }

  @Override
  public ClusterInventory inventory() {
    return inventory;
  }

  @Override
  public FlowBuffer flows() {
    return flows;
  }

  @Override
  public ServiceGraph traffic() {
    return traffic;
  }

  @Override
  public TrafficHistory history() {
    return history;
  }

  @Override
  public TrafficHistory history(String clientKey, String serverKey) {
    return traffic.edge(clientKey, serverKey).isPresent() ? history : TrafficHistory.EMPTY;
  }

  @Override
  public FakeRevisions revisions() {
    return revisions;
  }

  @Override
  public Role role() {
    return role;
  }

  @Override
  public FlowTap tap() {
    return tap;
  }

  @Override
  public FlowClient recorded() {
    return (from, counted) ->
        CompletableFuture.completedFuture(new FlowClient.Recorded(Traffic.NONE, List.of(), 0));
  }

  @Override
  public Optional<KubernetesCluster> kubernetes() {
    return kubernetes;
  }

  @Override
  public PathClient paths() {
    return request ->
        CompletableFuture.failedFuture(
            new ConsoleException(
                ConsoleException.Code.INTERNAL, "The path can't be measured here.", null));
  }

  /** Sets what agents say of a connection; nobody is known before. */
  public void policies(Function<TracePolicyRequest, CompletableFuture<TracePolicyResponse>> next) {
    traces = next;
  }

  /** Sets the only document that agents have beside those of revisions. */
  public void beside(Document document) {
    beside = Optional.of(document);
  }

  @Override
  public PolicyClient policies() {
    return new PolicyClient() {
      @Override
      public CompletableFuture<TracePolicyResponse> trace(TracePolicyRequest request) {
        return traces.apply(request);
      }

      @Override
      public CompletableFuture<Document> beside(DocumentName name) {
        return beside
            .filter(d -> d.getKind().equals(name.getKind()) && d.getName().equals(name.getName()))
            .map(CompletableFuture::completedFuture)
            .orElseGet(
                () ->
                    CompletableFuture.failedFuture(
                        new ConsoleException(
                            ConsoleException.Code.INVALID, "There is none.", null)));
      }
    };
  }

  @Override
  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(Listener listener) {
    listeners.remove(listener);
  }

  @Override
  public void retry() {
    retries.incrementAndGet();
  }

  /** How often the operator did not want to wait. */
  public int retries() {
    return retries.get();
  }

  /** How many listen now: a closed view must be gone. */
  public int listeners() {
    return listeners.size();
  }

  @Override
  public void close() {
    link(new Link.Closed());
    kubernetes.ifPresent(KubernetesCluster::close);
  }
}
