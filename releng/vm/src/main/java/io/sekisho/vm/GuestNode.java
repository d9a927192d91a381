package io.sekisho.vm;

import io.sekisho.agent.datapath.Datapath.RealizeError;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * A node of the guest: the lab's addresses, a datapath on a thread in the node's namespace, and
 * pods whose host number is their endpoint id.
 */
final class GuestNode {
  private static final Path PINS = Path.of("/sys/fs/bpf/vm");
  private static final int IDENTITY = 1000;
  private static final int REMOTE_NODE = 6;

  private final LabNode node;
  private final ExecutorService thread;
  private final KernelDatapath datapath = new KernelDatapath(InstantSource.system());
  private final Map<Integer, WiredEndpoint> pods = new HashMap<>();
  private final Map<Integer, PolicyTable> policies = new HashMap<>();
  private final Map<ServiceAddress, ServiceBackends> services = new HashMap<>();

  /** In a namespace that has its interface {@code eth0} already. */
  GuestNode(LabNode node) {
    this.node = node;
    thread = NetworkNamespace.open(LabNames.file(node.name())).executor(node.name());
  }

  /**
   * Loads the programs.
   *
   * @param cgroup whose processes reach services; empty for none
   */
  void open(Routing routing, boolean masquerade, Optional<Path> cgroup) {
    var config =
        new NodeConfig(
            node.name(),
            PINS,
            "eth0",
            underlays(),
            node.podCidrs().stream().map(Cidr::parse).toList(),
            routing,
            Overlay.at(routing.usualPort()),
            masquerade ? Optional.of(Masquerade.USUAL) : Optional.empty(),
            4096,
            4096,
            1 << 20,
            1,
            cgroup);
    on(() -> datapath.open(config));
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
  List<RealizeError> apply(GuestNode other, Routing routing) {
    Map<Integer, Endpoint> endpoints = new HashMap<>();
    Map<Cidr, Location> places = new HashMap<>();
    pods.forEach(
        (id, wired) -> {
          endpoints.put(id, new Endpoint(wired, IDENTITY + id, policies.get(id), false));
          locate(places, wired.addresses(), new Location(IDENTITY + id, Optional.empty(), false));
        });
    Optional<InetAddress> tunnel =
        routing.isOverlay() ? Optional.of(other.underlay()) : Optional.empty();
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

  /** Reasons of drops are added to the list as they are told. */
  void watchDrops(List<Integer> reasons) {
    on(
        () -> {
          datapath.onEvents(
              event -> {
                if (event.type() == 1) {
                  reasons.add(event.subtype());
                }
              });
          return reasons;
        });
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

  InetAddress underlay() {
    return underlays().get(0);
  }

  private List<InetAddress> underlays() {
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
