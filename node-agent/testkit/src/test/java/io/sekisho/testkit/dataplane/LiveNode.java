package io.sekisho.testkit.dataplane;

import io.sekisho.libbpf.BpfLink.Hook;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.testkit.TestNamespaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * The node for real: a pod in a namespace of its own, the programs attached, and an outside machine
 * 203.0.113.9, 2001:db8::9 behind a router. The way from the router to it carries 1300 bytes. The
 * outside knows no route to pods, so what has no node's address gets no answer.
 */
final class LiveNode implements AutoCloseable {
  static final int PATH_MTU = 1300;

  private static final String POD =
      """
      link set ethb address 02:bb:00:00:00:0b up
      address add 10.244.1.11/32 dev ethb
      address add fd00:10:244:1::11/128 dev ethb nodad
      neighbour add 169.254.1.1 lladdr 02:aa:00:00:00:0b dev ethb nud permanent
      neighbour add fe80::1 lladdr 02:aa:00:00:00:0b dev ethb nud permanent
      route add default via 169.254.1.1 dev ethb onlink
      route add default via fe80::1 dev ethb onlink
      """;

  private static final String ROUTER =
      """
      link set underlay-end up
      address add 198.18.0.254/24 dev underlay-end
      address add fd18::fe/64 dev underlay-end nodad
      link add far type veth peer name eth0 netns %s
      link set far up
      address add 192.0.2.1/24 dev far
      address add 2001:db8:1::1/64 dev far nodad
      route add 203.0.113.9/32 via 192.0.2.2 mtu lock 1300
      route add 2001:db8::9/128 via 2001:db8:1::2 mtu lock 1300
      """;

  private static final String FAR =
      """
      link set eth0 up
      address add 192.0.2.2/24 dev eth0
      address add 2001:db8:1::2/64 dev eth0 nodad
      address add 203.0.113.9/32 dev lo
      address add 2001:db8::9/128 dev lo nodad
      route add default via 192.0.2.1
      route add default via 2001:db8:1::1
      """;

  private final Dataplane dataplane = Dataplane.load(); // first: it is what may fail
  private final TestNamespaces namespaces = new TestNamespaces("live");
  private final NetworkNamespace pod = namespaces.create("pod");
  private final NetworkNamespace router = namespaces.create("router");
  private final NetworkNamespace far = namespaces.create("far");

  LiveNode(Pod client) {
    try {
      connect(client);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** What all of its names in the kernel contain. */
  String mark() {
    return namespaces.prefix();
  }

  private void connect(Pod client) {
    dataplane.wire(client);
    int host = dataplane.ifindex(client);
    String hostMac = HexFormat.ofDelimiter(":").formatHex(client.hostMac());
    dataplane.onNode(
        () -> {
          TestNetwork.ip(
              """
              link set lxcb address %s
              link set ethb netns %s
              link set underlay-end netns %s
              route add 10.244.1.11/32 dev lxcb
              route add fd00:10:244:1::11/128 dev lxcb
              """
                  .formatted(hostMac, name(pod), name(router)));
          return true;
        });
    inside(pod, POD);
    inside(router, ROUTER.formatted(name(far)));
    inside(far, FAR);
    router.call(
        () -> {
          Files.writeString(Path.of("/proc/sys/net/ipv4/conf/all/forwarding"), "1");
          return Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/forwarding"), "1");
        });
    dataplane.attach("from_endpoint", host, Hook.INGRESS);
    dataplane.attach("to_endpoint", host, Hook.EGRESS);
    dataplane.attach("from_netdev", dataplane.underlay(), Hook.INGRESS);
    dataplane.attach("to_netdev", dataplane.underlay(), Hook.EGRESS);
  }

  private static String name(NetworkNamespace namespace) {
    return namespace.path().getFileName().toString();
  }

  private static void inside(NetworkNamespace namespace, String commands) {
    namespace.call(
        () -> {
          TestNetwork.ip(commands);
          return true;
        });
  }

  /** Does something in the pod. */
  <T> T inPod(Callable<T> work) {
    return pod.call(work);
  }

  /** Does something on the outside machine. */
  <T> T outside(Callable<T> work) {
    return far.call(work);
  }

  /** Reasons of drops since the last call. */
  List<Integer> drops() {
    return dataplane.drain().stream()
        .filter(e -> e.type() == DatapathEvent.DROP)
        .map(DatapathEvent::subtype)
        .toList();
  }

  @Override
  public void close() {
    dataplane.close();
    namespaces.close();
  }
}
