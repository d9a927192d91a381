package io.sekisho.console.core;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.relay.NodeState;
import io.sekisho.api.relay.NodeStatusEvent;
import io.sekisho.api.v1.EndpointEvent;
import io.sekisho.api.v1.IdentityEvent;
import io.sekisho.api.v1.NodeEvent;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.flow.ServiceGraph;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A session over gRPC with mutual TLS. One thread, the loop, owns the state of the connection and
 * the inventory; gRPC's threads only put flows into the intake. {@link Dialing} finds an agent, and
 * another one when it is lost. Data of the lost connection stays, and the stream of flows goes on
 * where it ended.
 */
public final class GrpcClusterSession implements ClusterSession {
  /** Flows that are kept. */
  public static final int FLOW_CAPACITY = 20_000;

  /** Past flows to begin with: the most that an agent gives by number. */
  private static final int PAST_FLOWS = 10_000;

  /** Seconds that history and service graph cover. */
  public static final int WINDOW_SECONDS = 300;

  private static final long TICK_MILLIS = 250;
  private static final long IDLE_TICKS = 4;

  private final ConnectionProfile profile;
  private final AgentRoutes routes;
  private final Optional<KubernetesCluster> kubernetes;
  private final Clock clock;
  private final ScheduledExecutorService loop;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final FlowIntake intake;
  private final GrpcRevisionClient revisions;
  private final GrpcPathClient paths;
  private final GrpcPolicyClient policies;
  private final GrpcFlowClient recorded;
  private final ConnectionEvents events = new ConnectionEvents();
  private final FlowTap tap = new FlowTap(() -> tell(Topic.FLOWS));
  private final Dialing dialing;

  private volatile Link link = new Link.Connecting();
  private volatile ClusterInventory inventory = ClusterInventory.EMPTY;
  private volatile FlowBuffer flows = FlowBuffer.EMPTY;
  private volatile ServiceGraph traffic = ServiceGraph.EMPTY;
  private volatile TrafficHistory history = TrafficHistory.EMPTY;
  private volatile Map<String, Long> silent = Map.of();
  private volatile Optional<Channel> channel = Optional.empty();
  private volatile Role role = Role.UNKNOWN;

  // owned by the loop
  private final InventoryBook book = new InventoryBook();
  private final Map<String, Long> silentNow = new HashMap<>();
  private Optional<AgentConnection> connection = Optional.empty();
  private PodCounts pods = PodCounts.of(ClusterInventory.EMPTY);
  private boolean inventoryChanged;
  private long idleTicks;

  private GrpcClusterSession(
      ConnectionProfile profile,
      AgentRoutes routes,
      Optional<KubernetesCluster> kubernetes,
      Clock clock) {
    this.profile = profile;
    this.routes = routes;
    this.kubernetes = kubernetes;
    this.clock = clock;
    intake = new FlowIntake(clock, FLOW_CAPACITY, WINDOW_SECONDS);
    revisions = new GrpcRevisionClient(() -> channel, () -> tell(Topic.REVISIONS));
    paths = new GrpcPathClient(() -> channel);
    policies = new GrpcPolicyClient(() -> channel);
    recorded = new GrpcFlowClient(() -> channel, () -> inventory);
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("session " + profile.name()).factory());
    executor.setRemoveOnCancelPolicy(true);
    executor.setRejectedExecutionHandler(new ScheduledThreadPoolExecutor.DiscardPolicy());
    loop = Executors.unconfigurableScheduledExecutorService(executor);
    dialing = new Dialing(profile.name(), routes, loop, clock, new DialingEvents());
  }

  /** Begins to connect; the link says how it goes. Returns at once. */
  public static GrpcClusterSession open(ConnectionProfile profile) {
    return open(profile, Clock.systemUTC());
  }

  /** The same with a clock for times that are shown. */
  public static GrpcClusterSession open(ConnectionProfile profile, Clock clock) {
    return open(profile, new FileRoutes(profile), Optional.empty(), clock);
  }

  /** The same with ways to the agents, and an API server; both are closed with the session. */
  public static GrpcClusterSession open(
      ConnectionProfile profile,
      AgentRoutes routes,
      Optional<KubernetesCluster> kubernetes,
      Clock clock) {
    GrpcClusterSession session = new GrpcClusterSession(profile, routes, kubernetes, clock);
    kubernetes.ifPresent(k -> k.addListener(() -> session.tell(Topic.INVENTORY)));
    session.loop.execute(session.dialing::connect);
    session.loop.scheduleWithFixedDelay(
        session::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return session;
  }

  private void failed(AgentConnection from, Throwable why) {
    boolean wasUp = channel.isPresent();
    channel = Optional.empty();
    connection = Optional.empty();
    dialing.failed(from.address(), why, wasUp);
  }

  /** What comes of looking for an agent. */
  private final class DialingEvents implements Dialing.Events {
    @Override
    public void link(Link next) {
      GrpcClusterSession.this.link(next);
    }

    @Override
    public void role(Role next) {
      role = next;
    }

    @Override
    public void made(String agent, ManagedChannel made) {
      AgentConnection attempt = new AgentConnection(agent, made, loop, events);
      connection = Optional.of(attempt);
      attempt.probe();
    }
  }

  /** What the connection tells; ignored when it is no longer ours. */
  private final class ConnectionEvents implements AgentConnection.Events {
    @Override
    public void connected(AgentConnection from) {
      channel = Optional.of(from.channel());
      silentNow.clear();
      book.begin();
      dialing.connected(from.address());
      from.follow(intake.newestNanos(), PAST_FLOWS);
      revisions.refresh();
    }

    @Override
    public void failed(AgentConnection from, Throwable why) {
      GrpcClusterSession.this.failed(from, why);
    }

    @Override
    public void flows(GetFlowsResponse response) {
      if (response.hasNodeStatus()) {
        loop.execute(() -> nodeStatus(response.getNodeStatus()));
      } else {
        intake.accept(response);
        tap.accept(response);
      }
    }

    @Override
    public void node(NodeEvent event) {
      book.node(event);
      inventoryChanged = true;
      revisions.nodeRealized(event.getNode().getRealizedRevision());
    }

    @Override
    public void endpoint(EndpointEvent event) {
      book.endpoint(event);
      inventoryChanged = true;
    }

    @Override
    public void identity(IdentityEvent event) {
      book.identity(event);
      inventoryChanged = true;
    }
  }

  private void nodeStatus(NodeStatusEvent event) {
    for (String node : event.getNodeNamesList()) {
      if (event.getStateChange() == NodeState.NODE_CONNECTED) {
        silentNow.remove(node);
      } else {
        silentNow.putIfAbsent(node, clock.millis());
      }
    }
    silent = Map.copyOf(silentNow);
    inventoryChanged = true;
  }

  private void tick() {
    if (inventoryChanged) {
      inventoryChanged = false;
      inventory = book.snapshot();
      pods = PodCounts.of(inventory);
      tell(Topic.INVENTORY);
    }
    FlowBuffer now = intake.flows();
    boolean fresh = now.seen() != flows.seen() || now.lost() != flows.lost();
    idleTicks = fresh ? 0 : idleTicks + 1;
    if (fresh) {
      flows = now;
      tell(Topic.FLOWS);
    }
    if (fresh || idleTicks % IDLE_TICKS == 0) {
      history = intake.history();
      traffic = intake.traffic(pods);
      tell(Topic.TRAFFIC);
    }
  }

  private void link(Link next) {
    link = next;
    tell(Topic.LINK);
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
    return intake.history(clientKey, serverKey);
  }

  @Override
  public Map<String, Long> silent() {
    return silent;
  }

  @Override
  public RevisionClient revisions() {
    return revisions;
  }

  @Override
  public void retry() {
    kubernetes.ifPresent(KubernetesCluster::retry);
    loop.execute(dialing::retry);
  }

  @Override
  public FlowClient recorded() {
    return recorded;
  }

  @Override
  public FlowTap tap() {
    return tap;
  }

  @Override
  public Optional<KubernetesCluster> kubernetes() {
    return kubernetes;
  }

  @Override
  public PathClient paths() {
    return paths;
  }

  @Override
  public PolicyClient policies() {
    return policies;
  }

  @Override
  public Role role() {
    return role;
  }

  @Override
  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(Listener listener) {
    listeners.remove(listener);
  }

  private void closeRoutes() {
    routes.close();
    kubernetes.ifPresent(KubernetesCluster::close);
  }

  @Override
  public void close() {
    try {
      loop.execute(
          () -> {
            dialing.close();
            connection.ifPresent(AgentConnection::close);
            connection = Optional.empty();
            channel = Optional.empty();
            tap.stop();
            link(new Link.Closed());
            loop.shutdown();
            Thread.ofVirtual().start(this::closeRoutes);
          });
    } catch (RejectedExecutionException e) {
      // closed before: nothing is left to do
      return;
    }
  }
}
