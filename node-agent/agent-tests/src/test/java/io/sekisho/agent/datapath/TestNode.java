package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfObject;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.MacAddress;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import io.sekisho.policy.Cidr;
import io.sekisho.testkit.TestClock;
import io.sekisho.testkit.TestNamespaces;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/**
 * A node in a namespace of its own: number 1 has the underlay addresses 198.18.0.1 and fd18::1 and
 * the pod ranges 10.244.1.0/24 and fd00:10:244:1::/64. Its datapath runs on the node's thread.
 */
final class TestNode implements AutoCloseable {
  private final int number;
  private final TestNamespaces namespaces;
  private final NetworkNamespace namespace;
  private final ExecutorService thread;
  private final Map<Integer, NetworkNamespace> pods = new HashMap<>();
  private Function<String, BpfObject> objects = BpfObject::openResource;
  private final TestClock clock = new TestClock();
  private KernelDatapath datapath = new KernelDatapath(clock);
  private NodeConfig config;

  /** Connects the node to the bridge {@code br} of the underlay. */
  TestNode(int number, TestNamespaces namespaces, NetworkNamespace underlay) {
    this.number = number;
    this.namespaces = namespaces;
    this.namespace = namespaces.create("n" + number);
    this.thread = namespace.executor("node-" + number);
    this.config = usual();
    connect(underlay, namespace, "n" + number, number);
  }

  /** Gives a namespace an interface {@code eth0} on the underlay. */
  static void connect(NetworkNamespace underlay, NetworkNamespace to, String name, int lastByte) {
    var near =
        new Links.End(name, MacAddress.parse("02:18:00:00:01:%02x".formatted(lastByte)), 1500);
    var far =
        new Links.End("eth0", MacAddress.parse("02:18:00:00:00:%02x".formatted(lastByte)), 1500);
    underlay.run(
        () -> {
          try (var netlink = Netlink.open()) {
            netlink.run(Links.addVeth(near, far, to.fd()));
            int bridge = netlink.find(Links.named("br")).orElseThrow().index();
            int index = netlink.find(Links.named(name)).orElseThrow().index();
            netlink.run(Links.master(index, bridge));
          }
        });
    to.run(
        () -> {
          try (var netlink = Netlink.open()) {
            int index = netlink.find(Links.named("eth0")).orElseThrow().index();
            // Without a usable link-local address no IPv6 neighbour of forwarded packets is asked.
            Sysctl.setInterface("ipv6", "eth0", "accept_dad", 0);
            netlink.run(
                Links.up(index),
                Addresses.add(index, ip("198.18.0." + lastByte), 24),
                Addresses.add(index, ip("fd18::" + lastByte), 64));
          }
        });
  }

  /** Makes the underlay: a namespace with a bridge. */
  static NetworkNamespace underlay(TestNamespaces namespaces) {
    NetworkNamespace underlay = namespaces.create("net");
    underlay.run(
        () -> {
          try (var netlink = Netlink.open()) {
            netlink.run(Links.addBridge("br"));
          }
        });
    return underlay;
  }

  static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  /** What the next open or {@link #reopen} takes. */
  NodeConfig config() {
    return config;
  }

  void config(NodeConfig next) {
    config = next;
  }

  /** The same settings with another routing, with masquerade or without. */
  static NodeConfig with(NodeConfig old, Routing routing, boolean masquerade) {
    Optional<Masquerade> usual =
        masquerade ? Optional.of(Masquerade.USUAL) : Optional.<Masquerade>empty();
    return with(old, old.underlayAddresses(), routing, Overlay.at(routing.usualPort()), usual);
  }

  /** The same settings with another masquerade. */
  static NodeConfig with(NodeConfig old, Masquerade masquerade) {
    return with(
        old, old.underlayAddresses(), old.routing(), old.overlay(), Optional.of(masquerade));
  }

  /** The same settings with so many entries in each table of connections. */
  static NodeConfig with(NodeConfig old, int entries) {
    return with(
        old, old.underlayAddresses(), old.routing(), old.overlay(), old.masquerade(), entries);
  }

  /** The same settings with another tunnel. */
  static NodeConfig with(NodeConfig old, Overlay overlay) {
    return with(old, old.underlayAddresses(), old.routing(), overlay, old.masquerade());
  }

  /** The same settings with other addresses of the node. */
  static NodeConfig at(NodeConfig old, InetAddress... addresses) {
    return with(old, List.of(addresses), old.routing(), old.overlay(), old.masquerade());
  }

  private static NodeConfig with(
      NodeConfig old,
      List<InetAddress> addresses,
      Routing routing,
      Overlay overlay,
      Optional<Masquerade> masquerade) {
    return with(old, addresses, routing, overlay, masquerade, old.conntrackEntries());
  }

  private static NodeConfig with(
      NodeConfig old,
      List<InetAddress> addresses,
      Routing routing,
      Overlay overlay,
      Optional<Masquerade> masquerade,
      int entries) {
    return new NodeConfig(
        old.node(),
        old.pinRoot(),
        old.underlayDevice(),
        addresses,
        old.podCidrs(),
        routing,
        overlay,
        masquerade,
        entries,
        entries,
        old.eventRingBytes(),
        old.aggregationSeconds());
  }

  /** The agents that start from now on bring these compiled objects. */
  void objects(Function<String, BpfObject> next) {
    objects = next;
  }

  private NodeConfig usual() {
    return new NodeConfig(
        "n" + number,
        pinRoot(namespaces),
        "eth0",
        List.of(ip("198.18.0." + number), ip("fd18::" + number)),
        List.of(
            Cidr.parse("10.244." + number + ".0/24"),
            Cidr.parse("fd00:10:244:" + number + "::/64")),
        Routing.VXLAN,
        Overlay.at(8472),
        Optional.empty(),
        4096,
        4096,
        1 << 20,
        1);
  }

  static Path pinRoot(TestNamespaces namespaces) {
    return Path.of("/sys/fs/bpf", namespaces.prefix());
  }

  /** Does something on the node's thread, in its namespace. */
  <T> T on(Callable<T> work) {
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

  List<WiredEndpoint> open() {
    return on(() -> datapath.open(config()));
  }

  /** Ends the datapath as an agent that goes, and opens another one, as one that starts. */
  List<WiredEndpoint> reopen() {
    return on(
        () -> {
          datapath.close();
          datapath = new KernelDatapath(clock, objects);
          return datapath.open(config());
        });
  }

  /** What its datapath takes for the time; it stands still. */
  TestClock clock() {
    return clock;
  }

  /** The datapath; every call runs on the node's thread. */
  Datapath datapath() {
    return new OnItsThread();
  }

  private final class OnItsThread implements Datapath {
    @Override
    public List<WiredEndpoint> open(NodeConfig config) {
      return on(() -> datapath.open(config));
    }

    @Override
    public WiredEndpoint wire(Wiring wiring) {
      return on(() -> datapath.wire(wiring));
    }

    @Override
    public void unwire(int endpointId) {
      on(
          () -> {
            datapath.unwire(endpointId);
            return endpointId;
          });
    }

    @Override
    public Set<Integer> missing() {
      return on(() -> datapath.missing());
    }

    @Override
    public List<MapDifference> audit(DesiredState.Endpoint expected) {
      return on(() -> datapath.audit(expected));
    }

    @Override
    public List<MapDifference> auditShared(DesiredState expected) {
      return on(() -> datapath.auditShared(expected));
    }

    @Override
    public List<MapDifference> auditPrefilter(DesiredState.PrefixFilter expected) {
      return on(() -> datapath.auditPrefilter(expected));
    }

    @Override
    public void reread() {
      on(
          () -> {
            datapath.reread();
            return datapath;
          });
    }

    @Override
    public List<Repair> repair() {
      return on(() -> datapath.repair());
    }

    @Override
    public void followWays() {
      on(
          () -> {
            datapath.followWays();
            return datapath;
          });
    }

    @Override
    public Optional<PodState> inspect(Path networkNamespace, String interfaceName) {
      return on(() -> datapath.inspect(networkNamespace, interfaceName));
    }

    @Override
    public List<RealizeError> apply(DesiredState desired) {
      return on(() -> datapath.apply(desired));
    }

    @Override
    public void reconfigure(NodeConfig config) {
      on(
          () -> {
            datapath.reconfigure(config);
            return config;
          });
    }

    @Override
    public void onChange(NodeChangeSink sink) {
      on(
          () -> {
            datapath.onChange(sink);
            return sink;
          });
    }

    @Override
    public void onEvents(EventSink sink) {
      on(
          () -> {
            datapath.onEvents(sink);
            return sink;
          });
    }

    @Override
    public List<UplinkState> uplinks() {
      return on(() -> datapath.uplinks());
    }

    @Override
    public PrefilterState prefilter() {
      return on(() -> datapath.prefilter());
    }

    @Override
    public List<MapFill> fill() {
      return on(() -> datapath.fill());
    }

    @Override
    public long lostEvents() {
      return on(() -> datapath.lostEvents());
    }

    @Override
    public void close() {
      on(
          () -> {
            datapath.close();
            return datapath;
          });
    }

    @Override
    public void uninstall() {
      on(
          () -> {
            datapath.uninstall();
            return datapath;
          });
    }
  }

  /** A wiring of a pod with the address that ends in the endpoint's id; makes its namespace. */
  Wiring wiring(int endpointId) {
    return new Wiring(
        endpointId,
        pod(endpointId).path(),
        "eth0",
        List.of(
            ip("10.244.%d.%d".formatted(number, endpointId)),
            ip("fd00:10:244:%d::%x".formatted(number, endpointId))),
        0);
  }

  /** The namespace of a pod. */
  NetworkNamespace pod(int endpointId) {
    return pods.computeIfAbsent(endpointId, id -> namespaces.create("n" + number + "p" + id));
  }

  NetworkNamespace namespace() {
    return namespace;
  }

  /** Asks the kernel something in the node's namespace. */
  <T> T ask(Function<Netlink, T> question) {
    return in(namespace, question);
  }

  /** Asks the kernel something in a namespace. */
  static <T> T in(NetworkNamespace namespace, Function<Netlink, T> question) {
    return namespace.call(
        () -> {
          try (var netlink = Netlink.open()) {
            return question.apply(netlink);
          }
        });
  }

  /** The node's routes in the main table that our datapath made, in their order. */
  List<Route> routes() {
    return ask(netlink -> netlink.list(Routes.all())).stream()
        .filter(route -> route.protocol() == NodeRoutes.PROTOCOL)
        .toList();
  }

  /** Adds routes to the pods of a node, as the outside has them. */
  static void routeToPods(NetworkNamespace outside, int node) {
    outside.run(
        () -> {
          try (var netlink = Netlink.open()) {
            netlink.run(
                Routes.add(Route.via(ip("10.244." + node + ".0"), 24, ip("198.18.0." + node))),
                Routes.add(Route.via(ip("fd00:10:244:" + node + "::"), 64, ip("fd18::" + node))));
          }
        });
  }

  @Override
  public void close() {
    datapath().uninstall();
    thread.shutdown();
  }
}
