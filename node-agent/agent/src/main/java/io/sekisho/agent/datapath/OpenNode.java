package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.netlink.Netlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Everything that is held open while the datapath runs. */
final class OpenNode implements AutoCloseable {
  private final Parts parts;
  private final long lostBefore;
  private final NodeRepair repair;
  private final AtomicBoolean routesSuspect = new AtomicBoolean();
  private Optional<EventReader> events = Optional.empty();
  private Optional<NodeMonitor> monitor = Optional.empty();
  private Optional<TooBigWatch> tooBig = Optional.empty();
  private Optional<ConnectionSweeper> sweeper = Optional.empty();

  /**
   * What a node is made of.
   *
   * @param config what it was opened with
   * @param settings the constants of its programs
   * @param underlay how the underlay was
   * @param netlink the socket of the thread that calls
   * @param loaded programs and maps
   * @param overhead what the overlay takes of the MTU
   * @param endpoints interface pairs
   * @param realizer what the maps say
   * @param routes what the routing table says
   * @param ports whether routing rules look at ports
   * @param uplinks other devices on which pods are masqueraded
   * @param prefilter deny lists of the underlay
   * @param services who answers for which service; empty if that is not ours to say
   */
  record Parts(
      NodeConfig config,
      NodeSettings settings,
      NodeMonitor.Underlay underlay,
      Netlink netlink,
      Loader.Loaded loaded,
      OverlayOverhead overhead,
      EndpointWiring endpoints,
      Realizer realizer,
      NodeRoutes routes,
      RoutePorts ports,
      Uplinks uplinks,
      Prefilter prefilter,
      Optional<SocketServices> services) {}

  /** With the number of events that were lost before the agent's start. */
  OpenNode(Parts parts, long lostBefore) {
    this.parts = parts;
    this.lostBefore = lostBefore;
    this.repair = new NodeRepair(parts);
  }

  /** Begins to read events, to watch devices and to sweep the tables of connections. */
  void start(EventSink events, NodeChangeSink changes) {
    var reader = new EventReader(parts.loaded().maps().events(), parts.config().node());
    reader.sink(events);
    this.events = Optional.of(reader);
    monitor =
        Optional.of(
            NodeMonitor.open(
                parts.config(),
                parts.overhead(),
                parts.endpoints(),
                parts.ports(),
                parts.uplinks(),
                parts.underlay(),
                change -> noted(change, changes)));
    tooBig = TooBigWatch.open(parts.config(), changes);
    sweeper =
        Optional.of(
            new ConnectionSweeper(
                parts.loaded()::map,
                parts.loaded().connections(),
                System::nanoTime,
                parts.config().node(),
                ConnectionSweeper.PERIOD));
  }

  private void noted(NodeChange change, NodeChangeSink changes) {
    if (change instanceof NodeChange.Disturbed) {
      routesSuspect.set(true);
    }
    changes.accept(change);
  }

  /** Ends what {@link #start} began; what happens meanwhile waits in the ring. */
  void stop() {
    sweeper.ifPresent(ConnectionSweeper::close);
    sweeper = Optional.empty();
    tooBig.ifPresent(TooBigWatch::close);
    tooBig = Optional.empty();
    monitor.ifPresent(NodeMonitor::close);
    monitor = Optional.empty();
    events.ifPresent(EventReader::close);
    events = Optional.empty();
  }

  Parts parts() {
    return parts;
  }

  EndpointWiring endpoints() {
    return parts.endpoints();
  }

  void sink(EventSink sink) {
    events.ifPresent(reader -> reader.sink(sink));
  }

  List<RealizeError> apply(DesiredState desired) {
    var errors = new ArrayList<RealizeError>();
    parts.prefilter().apply(desired.prefilter(), errors);
    errors.addAll(parts.realizer().apply(desired, parts.endpoints().byId()));
    if (parts.overhead().meet(desired.nodes().values())) {
      monitor.ifPresent(m -> parts.routes().mtu(m.followOverhead()));
    }
    parts.routes().apply(desired.nodes(), errors);
    parts
        .services()
        .ifPresent(s -> desired.services().ifPresent(wanted -> s.apply(wanted, errors)));
    return errors;
  }

  MapAudit audit() {
    return new MapAudit(parts.loaded().maps());
  }

  /** What the kernel says otherwise of services, if they are known and ours. */
  List<MapDifference> auditServices(DesiredState expected) {
    return parts
        .services()
        .flatMap(services -> expected.services().map(services::audit))
        .orElse(List.of());
  }

  void reread() {
    parts.realizer().reread();
    parts.prefilter().reread();
    parts.services().ifPresent(SocketServices::reread);
  }

  /** Puts back what others changed in the kernel; what was found. */
  List<Repair> repair() {
    var found = new ArrayList<>(repair.run(routesSuspect.getAndSet(false)));
    sweeper.ifPresent(connections -> found.addAll(connections.trouble()));
    return found;
  }

  List<MapFill> fill() {
    DatapathMaps maps = parts.loaded().maps();
    Realizer realizer = parts.realizer();
    var fill = new ArrayList<MapFill>();
    fill.add(fill("endpoints", maps.endpoints(), realizer.addressCount()));
    fill.add(fill("endpoint_config", maps.endpointConfig(), realizer.interfaceCount()));
    fill.add(fill("ipcache", maps.ipcache(), realizer.ipcacheSize()));
    fill.add(fill("policies", maps.policies(), realizer.tableCount()));
    fill.add(fill(BlockRealizer.OBJECT, maps.policyBlocks(), realizer.blockCount()));
    sweeper.ifPresent(connections -> fill.addAll(connections.fill()));
    fill.add(fill("events", maps.events(), events.map(EventReader::pending).orElse(0L)));
    fill.addAll(parts.prefilter().fill());
    parts.services().ifPresent(services -> fill.addAll(services.fill()));
    return fill;
  }

  PrefilterState prefilter() {
    return parts.prefilter().state();
  }

  private static MapFill fill(String name, BpfMap<?, ?> map, long entries) {
    return new MapFill(name, entries, map.info().maxEntries());
  }

  long lostBefore() {
    return lostBefore;
  }

  long lostEvents() {
    return parts.loaded().maps().lostEvents() - lostBefore;
  }

  @Override
  public void close() {
    stop();
    parts.endpoints().close();
    parts.loaded().close();
  }
}
