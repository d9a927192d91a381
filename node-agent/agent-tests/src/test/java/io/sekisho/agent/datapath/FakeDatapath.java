package io.sekisho.agent.datapath;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A datapath in memory, held to the same contract test as the one on the kernel. Tests look at what
 * it realizes, make objects fail by name, and let it emit events. Thread-safe.
 *
 * <p>What stands for the kernel is in a {@link Kernel} that outlives a {@link #close}: a second
 * datapath on the same kernel takes over what the first one wired, as an agent that restarts does.
 */
public final class FakeDatapath implements Datapath {
  /** Ethernet without VXLAN: 1500 bytes minus the encapsulation's 50. */
  private static final int DEFAULT_MTU = 1450;

  /** What outlives an agent: interfaces, and what the maps say. */
  public static final class Kernel {
    private final NavigableMap<Integer, WiredEndpoint> wired = new TreeMap<>();
    private DesiredState realized = DesiredState.EMPTY;
    private int nextIndex = 10;
    private final TreeSet<Integer> gone = new TreeSet<>();
    private final Map<Integer, Wiring> wirings = new TreeMap<>();
  }

  private final Kernel kernel;
  private final Map<String, String> failures = new TreeMap<>();
  private final TreeSet<Integer> refusedWirings = new TreeSet<>();
  private final TreeSet<Integer> refusedUnwirings = new TreeSet<>();
  private final List<Repair> disturbed = new ArrayList<>();
  private final TreeSet<Integer> routeless = new TreeSet<>();
  private boolean adoptionRefused;
  private List<UplinkState> uplinks = List.of();
  private EventSink sink = event -> {};
  private NodeChangeSink changes = change -> {};
  private int reconfigurations;
  private int rereads;
  private int repairs;
  private int waysFollowed;
  private Optional<NodeConfig> config = Optional.empty();
  private boolean open;
  private int applies;
  private long lost;

  /** On a kernel of its own. */
  public FakeDatapath() {
    this(new Kernel());
  }

  /** On a kernel that another datapath may have used before. */
  public FakeDatapath(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public synchronized List<WiredEndpoint> open(NodeConfig nodeConfig) {
    config = Optional.of(nodeConfig);
    open = true;
    return List.copyOf(kernel.wired.values());
  }

  @Override
  public synchronized WiredEndpoint wire(Wiring wiring) {
    requireOpen();
    int id = wiring.endpointId();
    if (wiring.adopted().isPresent() && adoptionRefused) {
      throw new DatapathException(DatapathException.Code.NOT_ADOPTABLE, "below a bridge");
    }
    if (id < 1 || id > 65535 || refusedWirings.contains(id)) {
      throw new DatapathException(
          DatapathException.Code.WIRING_FAILED, "endpoint " + id + " cannot be wired");
    }
    var present = kernel.wired.get(id);
    if (present != null && !kernel.gone.contains(id)) {
      return present;
    }
    kernel.gone.remove(id);
    kernel.wirings.put(id, wiring);
    var made =
        new WiredEndpoint(
            id,
            wiring.adopted().map(Wiring.Adopted::hostInterface).orElse("lxc%04x".formatted(id)),
            kernel.nextIndex++,
            "02:00:00:00:%02x:%02x".formatted(id >> 8, id & 0xff),
            "02:00:00:01:%02x:%02x".formatted(id >> 8, id & 0xff),
            wiring.addresses(),
            wiring.mtu() == 0 ? DEFAULT_MTU : wiring.mtu());
    kernel.wired.put(id, made);
    return made;
  }

  @Override
  public synchronized void unwire(int endpointId) {
    requireOpen();
    if (refusedUnwirings.contains(endpointId)) {
      throw new DatapathException(
          DatapathException.Code.WIRING_FAILED, "endpoint " + endpointId + " stays");
    }
    kernel.wired.remove(endpointId);
    kernel.gone.remove(endpointId);
    kernel.wirings.remove(endpointId);
    var endpoints = new TreeMap<>(kernel.realized.endpoints());
    endpoints.remove(endpointId);
    kernel.realized = kernel.realized.with(endpoints, kernel.realized.ipcache());
  }

  @Override
  public synchronized Set<Integer> missing() {
    requireOpen();
    return Set.copyOf(kernel.gone);
  }

  /** As the wiring of that pod's interface says; what is gone is not there. */
  @Override
  public synchronized Optional<PodState> inspect(Path networkNamespace, String interfaceName) {
    requireOpen();
    return kernel.wirings.entrySet().stream()
        .filter(e -> e.getValue().networkNamespace().equals(networkNamespace))
        .filter(e -> e.getValue().interfaceName().equals(interfaceName))
        .filter(e -> !kernel.gone.contains(e.getKey()))
        .map(e -> state(e.getKey(), e.getValue().addresses()))
        .findFirst();
  }

  private PodState state(int id, List<InetAddress> addresses) {
    return new PodState(
        kernel.wired.get(id).podMac(),
        true,
        addresses,
        routeless.contains(id) ? Set.of() : ways(addresses));
  }

  private static Set<PodState.Way> ways(List<InetAddress> addresses) {
    var ways = new HashSet<PodState.Way>();
    for (InetAddress address : addresses) {
      boolean v4 = address.getAddress().length == 4;
      ways.add(
          new PodState.Way(
              Cidr.parse(v4 ? "0.0.0.0/0" : "::/0"),
              Optional.of(InetAddress.ofLiteral(v4 ? "169.254.1.1" : "fe80::1"))));
    }
    return ways;
  }

  /** Somebody deletes the routes of a pod. */
  public synchronized void forgetRoutes(int endpointId) {
    routeless.add(endpointId);
  }

  /** Makes the removal of this endpoint fail from now on. */
  public synchronized void refuseUnwiring(int endpointId) {
    refusedUnwirings.add(endpointId);
  }

  /** Lets removals succeed again. */
  public synchronized void allowUnwiring() {
    refusedUnwirings.clear();
  }

  /** Whether other plugins' interfaces cannot be taken over. */
  public synchronized void refuseAdoption(boolean now) {
    adoptionRefused = now;
  }

  /** Somebody deletes an endpoint's interface by hand. */
  public synchronized void deleteInterface(int endpointId) {
    kernel.gone.add(endpointId);
  }

  @Override
  public synchronized List<RealizeError> apply(DesiredState desired) {
    requireOpen();
    applies++;
    if (failures.containsKey("dataplane")) {
      throw new DatapathException(
          DatapathException.Code.LOAD_FAILED, String.valueOf(failures.get("dataplane")));
    }
    var errors = new ArrayList<RealizeError>();
    var endpoints = new TreeMap<Integer, DesiredState.Endpoint>();
    desired
        .endpoints()
        .forEach(
            (id, endpoint) -> {
              String object = "endpoint " + id;
              if (failures.containsKey(object)) {
                errors.add(new RealizeError(object, failures.get(object)));
                Optional.ofNullable(kernel.realized.endpoints().get(id))
                    .ifPresent(before -> endpoints.put(id, before));
              } else if (!kernel.wired.containsKey(id) || kernel.gone.contains(id)) {
                errors.add(new RealizeError(object, "has no interface"));
              } else {
                endpoints.put(id, endpoint);
              }
            });
    kernel.realized = desired.with(endpoints, desired.ipcache());
    return errors;
  }

  @Override
  public synchronized List<MapDifference> audit(DesiredState.Endpoint expected) {
    requireOpen();
    int id = expected.wired().endpointId();
    var found = kernel.realized.subjects().filter(e -> e.wired().endpointId() == id).findFirst();
    return found.equals(Optional.of(expected))
        ? List.of()
        : List.of(
            new MapDifference("policies", id, "all", "another", found.map(e -> "one").orElse("")));
  }

  @Override
  public synchronized List<MapDifference> auditShared(DesiredState expected) {
    requireOpen();
    return kernel.realized.ipcache().equals(expected.ipcache())
        ? List.of()
        : List.of(new MapDifference("ipcache", 0, "all", "another", "one"));
  }

  @Override
  public synchronized List<MapDifference> auditPrefilter(DesiredState.PrefixFilter expected) {
    requireOpen();
    return kernel.realized.prefilter().equals(expected)
        ? List.of()
        : List.of(new MapDifference("prefilter", 0, "all", "another", "one"));
  }

  @Override
  public synchronized void reread() {
    requireOpen();
    rereads++;
  }

  @Override
  public synchronized List<Repair> repair() {
    requireOpen();
    repairs++;
    var found = List.copyOf(disturbed);
    disturbed.removeIf(repair -> repair.failure().isEmpty());
    return found;
  }

  @Override
  public synchronized void followWays() {
    requireOpen();
    waysFollowed++;
  }

  /** How often ways to nodes were asked for out of turn. */
  public synchronized int waysFollowed() {
    return waysFollowed;
  }

  /** How often the kernel was looked at for what others changed. */
  public synchronized int repairs() {
    return repairs;
  }

  /** Somebody changes something in the kernel: the next repair finds it. */
  public synchronized void disturb(String object, String found, Optional<String> failure) {
    disturbed.removeIf(repair -> repair.object().equals(object));
    disturbed.add(new Repair(object, found, failure));
  }

  /** How often the kernel was read back. */
  public synchronized int rereads() {
    return rereads;
  }

  /** Somebody changes what the maps say of an endpoint. */
  public synchronized void tamper(int id, UnaryOperator<DesiredState.Endpoint> change) {
    var endpoints = new TreeMap<>(kernel.realized.endpoints());
    endpoints.computeIfPresent(id, (i, endpoint) -> change.apply(endpoint));
    kernel.realized = kernel.realized.with(endpoints, kernel.realized.ipcache());
  }

  /** Somebody removes the node's own policy and the deny lists. */
  public synchronized void forgetNodeAndDenyLists() {
    DesiredState said = kernel.realized;
    kernel.realized = new DesiredState(said.endpoints(), said.ipcache(), said.nodes());
  }

  @Override
  public synchronized void reconfigure(NodeConfig nodeConfig) {
    requireOpen();
    config = Optional.of(nodeConfig);
    reconfigurations++;
  }

  @Override
  public synchronized void onChange(NodeChangeSink sink) {
    changes = sink;
  }

  /** Tells of a change of the node's devices, on the calling thread. */
  public void change(NodeChange change) {
    NodeChangeSink to;
    synchronized (this) {
      to = changes;
    }
    to.accept(change);
  }

  /** How often other settings were given. */
  public synchronized int reconfigurations() {
    return reconfigurations;
  }

  @Override
  public synchronized void onEvents(EventSink newSink) {
    sink = newSink;
  }

  @Override
  public synchronized List<UplinkState> uplinks() {
    requireOpen();
    return uplinks;
  }

  /** Pods' packets may leave by these devices from now on. */
  public synchronized void leaveBy(List<UplinkState> devices) {
    uplinks = List.copyOf(devices);
  }

  @Override
  public synchronized PrefilterState prefilter() {
    requireOpen();
    int denied = kernel.realized.prefilter().denied().size();
    return denied == 0 ? PrefilterState.NONE : new PrefilterState("native", denied, 0, 0);
  }

  @Override
  public synchronized List<MapFill> fill() {
    requireOpen();
    return List.of(
        new MapFill("endpoints", kernel.realized.endpoints().size(), 4096),
        new MapFill("ipcache", kernel.realized.ipcache().size(), 65536));
  }

  @Override
  public synchronized long lostEvents() {
    return lost;
  }

  @Override
  public synchronized void close() {
    open = false;
  }

  @Override
  public synchronized void uninstall() {
    kernel.wired.clear();
    kernel.realized = DesiredState.EMPTY;
    open = false;
  }

  /** Makes {@code object}, such as {@code endpoint 12}, fail on every apply from now on. */
  public synchronized void fail(String object, String message) {
    failures.put(object, message);
  }

  /** Lets {@code object} succeed again. */
  public synchronized void heal(String object) {
    failures.remove(object);
  }

  /** Makes wiring of this endpoint fail from now on. */
  public synchronized void refuseWiring(int endpointId) {
    refusedWirings.add(endpointId);
  }

  /** Hands an event to the sink, on the calling thread. */
  public void emit(EventSink.Event event) {
    EventSink to;
    synchronized (this) {
      to = sink;
    }
    to.accept(event);
  }

  /** Sets what {@link #lostEvents} says. */
  public synchronized void lose(long events) {
    lost = events;
  }

  /** What the maps say now. */
  public synchronized DesiredState realized() {
    return kernel.realized;
  }

  /** The interfaces that exist, by endpoint id. */
  public synchronized Map<Integer, WiredEndpoint> wired() {
    return Map.copyOf(kernel.wired);
  }

  /** How often apply was called. */
  public synchronized int applies() {
    return applies;
  }

  /** What it was opened with, last. */
  public synchronized Optional<NodeConfig> config() {
    return config;
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the datapath is not open");
    }
  }
}
