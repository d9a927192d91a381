package io.sekisho.agent.datapath;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.ipcache.Ipcache;
import io.sekisho.agent.ipcache.Site;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.testkit.Residue;
import io.sekisho.testkit.TestNamespaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Two nodes with two pods each on one underlay, and an outside machine 198.18.0.200, fd18::200.
 * Pods are numbered 11 and 12 on node 1, 21 and 22 on node 2; a pod's identity is 1000 and its
 * number.
 */
final class TestCluster implements AutoCloseable {
  private final TestNamespaces namespaces = new TestNamespaces("e2e");
  private final Residue before = Residue.of(namespaces.prefix());
  private final Map<Integer, TestNode> nodes = new TreeMap<>();
  private final Map<Integer, WiredEndpoint> pods = new TreeMap<>();
  private final Map<Integer, PolicyTable> policies = new HashMap<>();
  private final Map<Integer, PolicyTable> hosts = new HashMap<>();
  private Map<Cidr, Integer> blocks = Map.of();
  private DesiredState.PrefixFilter denied = DesiredState.PrefixFilter.NONE;
  private final Set<Integer> audited = new HashSet<>();
  private final Set<Integer> auditedHosts = new HashSet<>();
  private final Map<Integer, EventLog> logs = new TreeMap<>();
  private final NetworkNamespace underlay;
  private final NetworkNamespace outside;
  private final boolean masquerade;

  /** With VXLAN, no masquerade, and an outside that knows the way to pods. */
  TestCluster() {
    this(Routing.VXLAN, false);
  }

  /** With masquerade the outside has no route to pods. */
  TestCluster(Routing routing, boolean masquerade) {
    this.masquerade = masquerade;
    underlay = TestNode.underlay(namespaces);
    outside = namespaces.create("world");
    TestNode.connect(underlay, outside, "world", 200);
    for (int number : List.of(1, 2)) {
      var node = new TestNode(number, namespaces, underlay);
      node.config(TestNode.with(node.config(), routing, masquerade));
      nodes.put(number, node);
      node.open();
      var log = new EventLog();
      logs.put(number, log);
      node.datapath().onEvents(log);
      if (!masquerade) {
        TestNode.routeToPods(outside, number);
      }
      for (int pod : List.of(number * 10 + 1, number * 10 + 2)) {
        pods.put(pod, node.datapath().wire(node.wiring(pod)));
        policies.put(pod, PolicyTable.OPEN);
      }
    }
  }

  TestNode node(int number) {
    return nodes.get(number);
  }

  EventLog log(int node) {
    return logs.get(node);
  }

  /** Where the bridge between the nodes is. */
  NetworkNamespace underlay() {
    return underlay;
  }

  NetworkNamespace outside() {
    return outside;
  }

  /** Another namespace, which ends with the cluster. */
  NetworkNamespace namespace(String name) {
    return namespaces.create(name);
  }

  NetworkNamespace pod(int pod) {
    return nodes.get(pod / 10).pod(pod);
  }

  WiredEndpoint wired(int pod) {
    return pods.get(pod);
  }

  /** A pod's address of a family. */
  String address(int pod, boolean ipv4) {
    for (InetAddress address : pods.get(pod).addresses()) {
      if (PodInterface.isIpv4(address) == ipv4) {
        return address.getHostAddress();
      }
    }
    throw new IllegalArgumentException("pod " + pod);
  }

  void policy(int pod, PolicyTable table) {
    policies.put(pod, table);
  }

  /** Prefixes by which pods are meant, with the numbers that tables have for them. */
  void blocks(Map<Cidr, Integer> prefixes) {
    blocks = Map.copyOf(prefixes);
  }

  /** What a node's own traffic may do; an open table: all. */
  void host(int node, PolicyTable table) {
    if (table.equals(PolicyTable.OPEN)) {
      hosts.remove(node);
    } else {
      hosts.put(node, table);
    }
  }

  /** Who may send nothing to the nodes. */
  void deny(DesiredState.PrefixFilter filter) {
    denied = filter;
  }

  /** Whether what a pod's policy denies passes. */
  void audit(int pod, boolean on) {
    if (on) {
      audited.add(pod);
    } else {
      audited.remove(pod);
    }
  }

  /** Whether what a node's own policy denies passes. */
  void auditHost(int node, boolean on) {
    if (on) {
      auditedHosts.add(node);
    } else {
      auditedHosts.remove(node);
    }
  }

  /** What a node's maps say otherwise than they shall. */
  List<MapDifference> differences(int number) {
    DesiredState desired = desired(number);
    Datapath datapath = node(number).datapath();
    var out = new ArrayList<MapDifference>();
    desired.subjects().forEach(subject -> out.addAll(datapath.audit(subject)));
    out.addAll(datapath.auditShared(desired));
    out.addAll(datapath.auditPrefilter(desired.prefilter()));
    return out;
  }

  /** What a node shall do, as the agent would plan it. */
  DesiredState desired(int node) {
    var endpoints = new HashMap<Integer, DesiredState.Endpoint>();
    var locals = new ArrayList<Ipcache.Local>();
    pods.forEach(
        (pod, wired) -> {
          if (pod / 10 == node) {
            endpoints.put(
                pod,
                new DesiredState.Endpoint(
                    wired, 1000 + pod, policies.get(pod), audited.contains(pod)));
            locals.add(new Ipcache.Local(1000 + pod, wired.addresses()));
          }
        });
    Inventory inventory = inventory();
    NodeConfig config = node(node).config();
    var site = new Site(config.node(), config.underlayAddresses(), config.routing(), List.of());
    var others = new HashMap<String, DesiredState.RemoteNode>();
    inventory
        .nodes()
        .forEach(
            (name, other) -> {
              if (!name.equals(config.node())) {
                others.put(
                    name,
                    new DesiredState.RemoteNode(Ipcache.addresses(other), Ipcache.podCidrs(other)));
              }
            });
    return new DesiredState(
            endpoints,
            Ipcache.of(site, inventory, locals, Map.of(), Map.of()),
            others,
            Optional.ofNullable(hosts.get(node))
                .map(
                    table ->
                        DesiredState.host(
                            Identity.HOST.number(), table, auditedHosts.contains(node))),
            denied)
        .with(blocks);
  }

  private Inventory inventory() {
    var known = new HashMap<String, Node>();
    nodes
        .values()
        .forEach(
            node -> {
              var about = Node.newBuilder().setName(node.config().node());
              node.config().underlayAddresses().forEach(a -> about.addAddresses(text(a)));
              node.config().podCidrs().forEach(range -> about.addPodCidrs(range.toString()));
              known.put(node.config().node(), about.build());
            });
    var endpoints = new HashMap<String, Endpoint>();
    pods.forEach(
        (pod, wired) -> {
          var about =
              Endpoint.newBuilder().setNode("n" + pod / 10).setId(pod).setIdentity(1000 + pod);
          wired.addresses().forEach(a -> about.addAddresses(text(a)));
          endpoints.put("n" + pod / 10 + "/" + pod, about.build());
        });
    return new Inventory(1, true, known, endpoints, Map.of(), Map.of());
  }

  private static String text(InetAddress address) {
    return address.getHostAddress();
  }

  /** Whether what leaves the cluster gets the node's address. */
  boolean masquerades() {
    return masquerade;
  }

  /** Makes both nodes do what they shall; their errors. */
  List<Datapath.RealizeError> apply() {
    return nodes.keySet().stream()
        .flatMap(number -> node(number).datapath().apply(desired(number)).stream())
        .toList();
  }

  @Override
  public void close() {
    nodes.values().forEach(TestNode::close);
    try {
      Files.deleteIfExists(TestNode.pinRoot(namespaces));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    namespaces.close();
    Set<String> left = Residue.of(namespaces.prefix()).since(before);
    if (!left.isEmpty()) {
      throw new AssertionError("left in the kernel: " + left);
    }
  }
}
