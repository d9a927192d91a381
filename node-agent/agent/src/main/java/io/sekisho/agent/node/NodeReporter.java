package io.sekisho.agent.node;

import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.cluster.ClusterStore;
import io.sekisho.agent.datapath.Datapath;
import io.sekisho.agent.datapath.PrefilterState;
import io.sekisho.agent.datapath.UplinkState;
import io.sekisho.agent.endpoint.Endpoints;
import io.sekisho.agent.endpoint.LocalEndpoint;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.health.Status;
import io.sekisho.agent.health.StatusSource;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.agent.observer.FlowObserver;
import io.sekisho.agent.reconcile.Outcome;
import io.sekisho.agent.reconcile.Planner;
import io.sekisho.api.v1.MapPressure;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.api.v1.Prefilter;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Looks at the node every second and tells the cluster: at once (within that second) what matters,
 * every ten seconds the numbers that always change. Also gives the whole {@link Status} to who
 * asks.
 */
public final class NodeReporter implements StatusSource {
  /** So many of a node's problems are told of; an agent's log has all. */
  private static final int MOST_TOLD = 4;

  /** The component under which the cluster store's trouble is told. */
  private static final String STORE = "store";

  private static final Duration TICK = Duration.ofSeconds(1);

  /** Ticks between two looks at the maps, and between two reports without news. */
  private static final int REFRESH = 10;

  /** A map is in trouble from this share of its capacity on. */
  private static final double FULL = 0.9;

  private volatile NodeIdentity identity;
  private final EventLoop loop;
  private final Planner planner;
  private final Outcome outcome;
  private final Endpoints endpoints;
  private final FlowObserver flows;
  private final Cluster cluster;
  private final Health health;
  private final Clock clock;
  private final LongSupplier rss;
  private final List<NodePart> parts;
  private volatile List<Datapath.MapFill> maps = List.of();
  private volatile PrefilterState prefilter = PrefilterState.NONE;
  private volatile List<UplinkState> uplinks = List.of();
  private Optional<Node> told = Optional.empty();
  private int ticks;

  /**
   * Reports begin with {@link #start}.
   *
   * @param parts say the rest of the node
   */
  public NodeReporter(
      NodeIdentity identity,
      EventLoop loop,
      Planner planner,
      Outcome outcome,
      Endpoints endpoints,
      FlowObserver flows,
      Cluster cluster,
      Health health,
      Clock clock,
      LongSupplier rss,
      List<NodePart> parts) {
    this.identity = identity;
    this.loop = loop;
    this.planner = planner;
    this.outcome = outcome;
    this.endpoints = endpoints;
    this.flows = flows;
    this.cluster = cluster;
    this.health = health;
    this.clock = clock;
    this.rss = rss;
    this.parts = List.copyOf(parts);
  }

  /** Tells the cluster of the node now, and from then on. */
  public void start() {
    loop.execute(this::tick);
  }

  /** The node has other ranges of addresses than at the start; any thread. */
  public void podCidrs(List<Cidr> ranges) {
    identity = identity.withPodCidrs(ranges);
  }

  /** The node has other underlay addresses: the cluster hears of them with the next look. */
  public void addresses(List<InetAddress> addresses) {
    identity = identity.at(addresses);
  }

  private void tick() {
    if (ticks % REFRESH == 0) {
      planner.datapath(Datapath::prefilter).thenAcceptAsync(state -> prefilter = state, loop);
      planner.datapath(Datapath::fill).thenAcceptAsync(this::filled, loop);
    }
    planner.datapath(Datapath::uplinks).thenAcceptAsync(states -> uplinks = states, loop);
    planner.datapath(Datapath::lostEvents).thenAccept(flows::lostInKernel);
    tell(ticks % REFRESH == 0);
    ticks++;
    loop.schedule(TICK, this::tick);
  }

  /** How many prefixes the prefilter denies, by the last look. */
  public long deniedPrefixes() {
    return prefilter.prefixes();
  }

  private void filled(List<Datapath.MapFill> fill) {
    maps = List.copyOf(fill);
    for (Datapath.MapFill map : fill) {
      if (map.capacity() > 0 && map.entries() >= map.capacity() * FULL) {
        health.report(
            "map " + map.name(), map.entries() + " of " + map.capacity() + " entries are in use");
      } else {
        health.clear("map " + map.name());
      }
    }
    tell(true);
  }

  private void tell(boolean always) {
    Node now = node();
    if (always || told.isEmpty() || !important(told.get()).equals(important(now))) {
      told = Optional.of(now);
      cluster.publish(now);
    }
  }

  /** The node without what always changes. */
  private static Node important(Node node) {
    return node.toBuilder()
        .clearLastSeen()
        .clearFlowsSeen()
        .clearAgentRssBytes()
        .clearMaps()
        .clearProbes()
        .clearPrefilter()
        .build();
  }

  private Node node() {
    ClusterStore.Health store = cluster.health();
    List<Health.Problem> problems = problems(store);
    var out =
        identity
            .toApi()
            .setState(problems.isEmpty() ? NodeState.READY : NodeState.DEGRADED)
            .setMessage(message(problems))
            .setLastSeen(Times.timestamp(clock.instant()))
            .setEndpoints(endpoints.all().size())
            .setRealizedRevision(Math.max(0, outcome.realizedRevision()))
            .setEventsLost(flows.lost())
            .setFlowsSeen(flows.seen())
            .setAgentRssBytes(Math.max(0, rss.getAsLong()))
            .setStore(store.store() + " " + (store.available() ? "ok" : store.message()));
    out.setPrefilter(
        Prefilter.newBuilder()
            .setMode(prefilter.mode())
            .setPrefixes(prefilter.prefixes())
            .setPackets(prefilter.packets())
            .setBytes(prefilter.bytes()));
    uplinks.forEach(uplink -> out.addUplinks(UplinkWords.message(uplink)));
    parts.forEach(part -> part.addTo(out));
    for (Datapath.MapFill map : maps) {
      out.addMaps(
          MapPressure.newBuilder()
              .setName(map.name())
              .setEntries(map.entries())
              .setCapacity(map.capacity()));
    }
    return out.build();
  }

  /** What is wrong, the store among it unless the API server, where it is, is said to be. */
  private List<Health.Problem> problems(ClusterStore.Health store) {
    List<Health.Problem> known = health.problems();
    if (store.available() || known.stream().anyMatch(p -> p.component().equals(store.store()))) {
      return known;
    }
    var all = new ArrayList<Health.Problem>(known);
    all.addFirst(new Health.Problem(STORE, store.message(), clock.instant()));
    return all;
  }

  /** What is wrong, in a line: the first few, and how many more. */
  static String message(List<Health.Problem> problems) {
    String first =
        problems.stream()
            .limit(MOST_TOLD)
            .map(NodeReporter::sentence)
            .collect(Collectors.joining("; "));
    int more = problems.size() - MOST_TOLD;
    return more > 0 ? first + "; and " + more + " more" : first;
  }

  private static String sentence(Health.Problem problem) {
    return problem.component() + ": " + problem.message();
  }

  @Override
  public Status status() {
    var all = endpoints.all().values();
    var use = new ArrayList<Status.MapUse>();
    maps.forEach(m -> use.add(new Status.MapUse(m.name(), m.entries(), m.capacity())));
    return new Status(
        identity.name(),
        identity.version(),
        identity.kernel(),
        identity.started(),
        identity.startTook(),
        health.problems(),
        cluster.health(),
        planner.intendedRevision(),
        outcome.realizedRevision(),
        all.size(),
        (int) all.stream().filter(LocalEndpoint::ready).count(),
        use,
        flows.lost(),
        flows.seen(),
        rss.getAsLong());
  }
}
