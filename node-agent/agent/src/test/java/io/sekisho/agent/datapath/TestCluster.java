package io.sekisho.agent.datapath;

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
import java.util.HashMap;
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
  private final Map<Integer, EventLog> logs = new TreeMap<>();
  private final NetworkNamespace outside;

  TestCluster() {
    NetworkNamespace underlay = TestNode.underlay(namespaces);
    outside = namespaces.create("world");
    TestNode.connect(underlay, outside, "world", 200);
    for (int number : List.of(1, 2)) {
      var node = new TestNode(number, namespaces, underlay);
      nodes.put(number, node);
      node.open();
      var log = new EventLog();
      logs.put(number, log);
      node.datapath().onEvents(log);
      TestNode.routeToPods(outside, number);
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

  NetworkNamespace outside() {
    return outside;
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

  /** What a node shall do. */
  DesiredState desired(int node) {
    var endpoints = new HashMap<Integer, DesiredState.Endpoint>();
    var ipcache = new HashMap<Cidr, DesiredState.Location>();
    pods.forEach(
        (pod, wired) -> {
          boolean local = pod / 10 == node;
          if (local) {
            endpoints.put(
                pod, new DesiredState.Endpoint(wired, 1000 + pod, policies.get(pod), false));
          }
          Optional<InetAddress> behind =
              local ? Optional.empty() : Optional.of(TestNode.ip("198.18.0." + pod / 10));
          wired
              .addresses()
              .forEach(
                  address ->
                      ipcache.put(
                          Cidr.of(address),
                          new DesiredState.Location(1000 + pod, behind, behind.isPresent())));
        });
    nodes.keySet().forEach(other -> ipcache.put(address(other), identity(other == node)));
    return new DesiredState(endpoints, ipcache, Map.of());
  }

  private static Cidr address(int node) {
    return Cidr.of(TestNode.ip("198.18.0." + node));
  }

  private static DesiredState.Location identity(boolean own) {
    var identity = own ? Identity.HOST : Identity.REMOTE_NODE;
    return new DesiredState.Location(identity.number(), Optional.empty(), false);
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
