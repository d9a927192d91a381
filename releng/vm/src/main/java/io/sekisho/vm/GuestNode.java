package io.sekisho.vm;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.datapath.DesiredState.Endpoint;
import io.sekisho.agent.datapath.DesiredState.Location;
import io.sekisho.agent.datapath.DesiredState.RemoteNode;
import io.sekisho.agent.datapath.KernelDatapath;
import io.sekisho.agent.datapath.Masquerade;
import io.sekisho.agent.datapath.NodeConfig;
import io.sekisho.agent.datapath.Overlay;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.agent.datapath.ServiceAddress;
import io.sekisho.agent.datapath.ServiceBackends;
import io.sekisho.agent.datapath.WiredEndpoint;
import io.sekisho.agent.datapath.Wiring;
import io.sekisho.lab.Ip;
import io.sekisho.lab.LabNames;
import io.sekisho.lab.LabNode;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node of the guest: the lab's addresses, a datapath on a thread in the node's namespace, and
 * pods whose host number is their endpoint id. What pods send out of the cluster is masqueraded.
 */
final class GuestNode {
  private static final Path PINS = Path.of("/sys/fs/bpf/vm");
  private static final int IDENTITY = 1000;
  private static final int REMOTE_NODE = 6;
  private static final int DROP = 1;

  private final LabNode node;
  private final Optional<Path> cgroup;
  private final ExecutorService thread;
  private final Map<Integer, WiredEndpoint> pods = new HashMap<>();
  private final Map<Integer, PolicyTable> policies = new HashMap<>();
  private final Map<ServiceAddress, ServiceBackends> services = new HashMap<>();
  private final Set<Integer> drops = ConcurrentHashMap.newKeySet();
  private volatile Duration ahead = Duration.ZERO;
  private final InstantSource clock = () -> Instant.now().plus(ahead);
  private KernelDatapath datapath = new KernelDatapath(clock);
  private Routing routing = Routing.VXLAN;

  /**
   * In a namespace that has its interface {@code eth0} already.
   *
   * @param cgroup whose processes reach services; empty for none
   */
  GuestNode(LabNode node, Optional<Path> cgroup) {
    this.node = node;
    this.cgroup = cgroup;
    thread = NetworkNamespace.open(LabNames.file(node.name())).executor(node.name());
  }

  /** Loads the programs, over those of a datapath before, as an agent that comes up does. */
  void open(Routing way) {
    routing = way;
    var config =
        new NodeConfig(
            node.name(),
            PINS,
            "eth0",
            underlays(),
            node.podCidrs().stream().map(Cidr::parse).toList(),
            way,
            Overlay.at(way.usualPort()),
            Optional.of(Masquerade.USUAL),
            4096,
            4096,
            1 << 20,
            1,
            cgroup);
    on(
        () -> {
          datapath.close();
          datapath = new KernelDatapath(clock);
          datapath.onEvents(
              event -> {
                if (event.type() == DROP) {
                  drops.add(event.subtype());
                }
              });
          datapath.open(config).forEach(wired -> pods.put(wired.endpointId(), wired));
          return way;
        });
  }

  /** Moves the clock of its datapath on. */
  void later(Duration by) {
    ahead = ahead.plus(by);
  }

  /** Loads the same programs again, as an agent that is started again does. */
  void restart() {
    open(routing);
  }

  /** Makes a pod and its namespace. */
  void addPod(int id) {
    String namespace = podNamespace(id);
    new Ip().add("netns add " + namespace).run();
    new Ip().add("link set lo up").runIn(namespace);
    Wiring wiring = new Wiring(id, LabNames.file(namespace), "eth0", addresses(id), 0);
    pods.put(id, on(() -> datapath.wire(wiring)));
    policies.put(id, PolicyTable.OPEN);
  }

  void policy(int id, PolicyTable table) {
    policies.put(id, table);
  }

  /** Who answers for a service. */
  void service(ServiceAddress address, InetSocketAddress... backends) {
    services.put(address, new ServiceBackends(List.of(backends), 0));
  }

  /** Makes the maps say what is wanted, with another node's pods behind it. */
  List<RealizeError> apply(GuestNode other) {
    Map<Integer, Endpoint> endpoints = new HashMap<>();
    Map<Cidr, Location> places = new HashMap<>();
    pods.forEach(
        (id, wired) -> {
          endpoints.put(id, new Endpoint(wired, IDENTITY + id, policies.get(id), false));
          locate(places, wired.addresses(), new Location(IDENTITY + id, Optional.empty(), false));
        });
    Optional<InetAddress> tunnel =
        routing.isOverlay() ? Optional.of(other.underlays().get(0)) : Optional.empty();
    // the tunnel's sender must be known as a node
    locate(places, other.underlays(), new Location(REMOTE_NODE, tunnel, true));
    other.pods.forEach(
        (id, wired) ->
            locate(places, wired.addresses(), new Location(IDENTITY + id, tunnel, true)));
    var remote =
        new RemoteNode(other.underlays(), other.node.podCidrs().stream().map(Cidr::parse).toList());
    var desired =
        new DesiredState(endpoints, places, Map.of(other.node.name(), remote))
            .with(services.isEmpty() ? Optional.empty() : Optional.of(Map.copyOf(services)));
    return on(() -> datapath.apply(desired));
  }

  private static void locate(
      Map<Cidr, Location> places, List<InetAddress> addresses, Location location) {
    addresses.forEach(address -> places.put(Cidr.of(address), location));
  }

  /** Has the datapath look at the kernel; what it found. */
  List<Repair> repair() {
    return on(() -> datapath.repair());
  }

  /** Names of the links that are pinned for a device, one after the other. */
  String pins(String device) {
    String[] names = PINS.resolve(node.name()).resolve("links").toFile().list();
    return Stream.of(names == null ? new String[0] : names)
        .filter(name -> name.startsWith(device + "_"))
        .collect(Collectors.joining(" "));
  }

  /** Reasons of the drops that were told so far. */
  Set<Integer> drops() {
    return Set.copyOf(drops);
  }

  void forgetDrops() {
    drops.clear();
  }

  /** Takes all of the node out of the kernel. */
  void uninstall() {
    on(
        () -> {
          datapath.uninstall();
          return node;
        });
    thread.shutdown();
    for (int id : pods.keySet()) {
      new Ip().add("netns del " + podNamespace(id)).run();
    }
  }

  String podNamespace(int id) {
    return node.name() + "-p" + id;
  }

  String namespace() {
    return node.name();
  }

  /** The node's own addresses, IPv4 first. */
  List<InetAddress> underlays() {
    return node.addresses().stream().map(InetAddress::ofLiteral).toList();
  }

  /** A pod's addresses, IPv4 first. */
  List<InetAddress> addresses(int id) {
    List<InetAddress> addresses = new ArrayList<>();
    addresses.add(InetAddress.ofLiteral("10.244." + node.number() + "." + id));
    addresses.add(InetAddress.ofLiteral("fd00:10:244:%d::%x".formatted(node.number(), id)));
    return addresses;
  }

  private <T> T on(Callable<T> work) {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
