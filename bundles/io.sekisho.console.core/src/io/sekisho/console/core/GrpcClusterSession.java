package io.sekisho.console.core;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.relay.NodeState;
import io.sekisho.api.relay.NodeStatusEvent;
import io.sekisho.api.v1.EndpointEvent;
import io.sekisho.api.v1.IdentityEvent;
import io.sekisho.api.v1.NodeEvent;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.flow.ServiceGraph;
import io.sekisho.flow.recording.FlowRecorder;
import io.sekisho.flow.recording.RecordingException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A session over gRPC with mutual TLS. One thread, the loop, owns the state of the connection and
 * the inventory; gRPC's threads only put flows into the intake. Agents are found and tried in turn;
 * when all failed, again after 1, 2, 4 … 30 s. Data of the lost connection stays, and the stream of
 * flows goes on where it ended.
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
  private static final long LONGEST_WAIT_SECONDS = 30;

  private final ConnectionProfile profile;
  private final AgentRoutes routes;
  private final Optional<KubernetesCluster> kubernetes;
  private final Clock clock;
  private final ScheduledExecutorService loop;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final FlowIntake intake;
  private final GrpcRevisionClient revisions;
  private final GrpcPathClient paths;
  private final GrpcFlowClient recorded;
  private final ConnectionEvents events = new ConnectionEvents();
  private final FlowTap tap = new FlowTap();

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
  private Optional<ScheduledFuture<?>> next = Optional.empty();
  private PodCounts pods = PodCounts.of(ClusterInventory.EMPTY);
  private boolean inventoryChanged;
  private long idleTicks;
  private long downSinceMillis;
  private List<AgentRoutes.Route> ways = List.of();
  private boolean looking;
  private int address;
  private int failures;
  private String firstFailure = "";

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
    recorded = new GrpcFlowClient(() -> channel, () -> inventory);
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("session " + profile.name()).factory());
    executor.setRemoveOnCancelPolicy(true);
    executor.setRejectedExecutionHandler(new ScheduledThreadPoolExecutor.DiscardPolicy());
    loop = Executors.unconfigurableScheduledExecutorService(executor);
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
    session.loop.execute(session::connect);
    session.loop.scheduleWithFixedDelay(
        session::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return session;
  }

  private void connect() {
    if (link instanceof Link.Closed) {
      return;
    }
    if (downSinceMillis == 0) {
      downSinceMillis = clock.millis();
    }
    if (failures == 0 && !(link instanceof Link.Disconnected)) {
      link(new Link.Connecting());
    }
    if (ways.isEmpty()) {
      look();
    } else {
      open(ways.get(address % ways.size()));
    }
  }

  /** Finding agents may take long: not on the loop. */
  private void look() {
    if (looking) {
      return;
    }
    looking = true;
    Thread.ofVirtual()
        .name("routes " + profile.name())
        .start(
            () -> {
              try {
                AgentRoutes.Found found = routes.find();
                loop.execute(() -> found(found));
              } catch (RuntimeException e) {
                loop.execute(() -> notFound(e));
              }
            });
  }

  private void found(AgentRoutes.Found found) {
    looking = false;
    if (found.routes().isEmpty()) {
      retryLater("the profile names no agent.");
      return;
    }
    ways = found.routes();
    role = found.role();
    connect();
  }

  private void notFound(RuntimeException why) {
    looking = false;
    failures++;
    if (why instanceof ConsoleException e && e.code() == ConsoleException.Code.REFUSED) {
      refused(e.getMessage());
    } else {
      retryLater(String.valueOf(why.getMessage()));
    }
  }

  /** Making a way may take long, too: a port is forwarded for it. */
  private void open(AgentRoutes.Route way) {
    looking = true;
    Thread.ofVirtual()
        .name("route to " + way.agent())
        .start(
            () -> {
              try {
                ManagedChannel made = way.open();
                if (link instanceof Link.Closed) {
                  made.shutdownNow();
                }
                loop.execute(() -> probe(way, made));
              } catch (ConsoleException e) {
                loop.execute(() -> noWay(e.getMessage()));
              }
            });
  }

  private void probe(AgentRoutes.Route way, ManagedChannel made) {
    looking = false;
    if (link instanceof Link.Closed) {
      made.shutdownNow();
      return;
    }
    AgentConnection attempt = new AgentConnection(way.agent(), made, loop, events);
    connection = Optional.of(attempt);
    attempt.probe();
  }

  private void noWay(String sentence) {
    looking = false;
    nextWay(sentence);
  }

  private void refused(String sentence) {
    link(new Link.Refused(sentence));
    ways = List.of();
    next = Optional.of(loop.schedule(this::connect, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS));
  }

  private void failed(AgentConnection from, Throwable why) {
    boolean wasUp = channel.isPresent();
    channel = Optional.empty();
    connection = Optional.empty();
    String sentence = Failures.connecting(from.address(), why);
    Status.Code code = Status.fromThrowable(why).getCode();
    if (code == Status.Code.PERMISSION_DENIED || code == Status.Code.UNAUTHENTICATED) {
      address++;
      refused(sentence);
      return;
    }
    if (wasUp) {
      address++;
      ways = List.of();
      downSinceMillis = clock.millis();
      failures = 0;
      firstFailure = sentence;
      link(new Link.Disconnected(sentence, downSinceMillis, clock.millis()));
      loop.execute(this::connect);
      return;
    }
    nextWay(sentence);
  }

  /** This one failed: the next one at once, or after a wait all of them again. */
  private void nextWay(String sentence) {
    int all = Math.max(1, ways.size());
    address++;
    failures++;
    firstFailure = failures == 1 ? sentence : firstFailure;
    if (failures % all == 0) {
      retryLater(all == 1 ? sentence : firstFailure);
      ways = List.of();
    } else {
      loop.execute(this::connect);
    }
  }

  private void retryLater(String sentence) {
    int rounds = failures / Math.max(1, ways.size());
    long wait = Math.min(LONGEST_WAIT_SECONDS, 1L << Math.clamp(rounds - 1, 0, 5));
    link(new Link.Disconnected(sentence, downSinceMillis, clock.millis() + wait * 1000));
    failures = Math.max(failures, 1);
    next = Optional.of(loop.schedule(this::connect, wait, TimeUnit.SECONDS));
  }

  /** Only while a wait is under way: else a connection is open or being made. */
  private void connectNow() {
    if (next.filter(n -> n.cancel(false)).isPresent()) {
      next = Optional.empty();
      connect();
    }
  }

  /** What the connection tells; ignored when it is no longer ours. */
  private final class ConnectionEvents implements AgentConnection.Events {
    @Override
    public void connected(AgentConnection from) {
      failures = 0;
      downSinceMillis = 0;
      channel = Optional.of(from.channel());
      silentNow.clear();
      book.begin();
      link(new Link.Connected(from.address()));
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
    loop.execute(this::connectNow);
  }

  @Override
  public FlowClient recorded() {
    return recorded;
  }

  @Override
  public void record(Path folder) throws RecordingException {
    tap.record(folder);
    tell(Topic.FLOWS);
  }

  @Override
  public void stopRecording() {
    tap.stop();
    tell(Topic.FLOWS);
  }

  @Override
  public Optional<FlowRecorder> recorder() {
    return tap.recorder();
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
