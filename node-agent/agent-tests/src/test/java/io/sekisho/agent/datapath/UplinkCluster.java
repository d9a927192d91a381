package io.sekisho.agent.datapath;

import io.sekisho.netlink.Links;
import io.sekisho.netlink.MacAddress;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A {@link TestCluster} whose node 1 has a second uplink, eth1 with 198.19.0.1 and fd19::1, to
 * another outside: 198.19.0.254, fd19::fe, which is also 203.0.113.9, 2001:db8::9. The machine on
 * the underlay has these, too. Neither knows a way to pods.
 */
final class UplinkCluster implements AutoCloseable {
  static final String WORLD_IPV4 = "203.0.113.9";
  static final String WORLD_IPV6 = "2001:db8::9";

  private final TestCluster cluster;
  private final NetworkNamespace far;
  private final NodeConfig usual;

  /** Metrics of the default routes by the underlay. */
  private final List<Integer> byUnderlay = new ArrayList<>();

  UplinkCluster() {
    cluster = new TestCluster(Routing.VXLAN, true);
    usual = cluster.node(1).config();
    far = cluster.namespace("far");
    connect();
    ip(cluster.outside(), WORLD);
    cluster.apply();
  }

  private static final String WORLD =
      """
      address add 203.0.113.9/32 dev lo
      address add 2001:db8::9/128 dev lo nodad
      link set lo up
      """;

  private static final String FAR =
      """
      address add 198.19.0.254/24 dev eth0
      address add fd19::fe/64 dev eth0 nodad
      link set eth0 up
      """;

  private static final String NODE =
      """
      address add 198.19.0.1/24 dev eth1
      address add fd19::1/64 dev eth1 nodad
      link set eth1 up
      """;

  /** Gives the node its second uplink; again after it was deleted. */
  void connect() {
    var near = new Links.End("eth1", MacAddress.parse("02:19:00:00:01:01"), 1500);
    var end = new Links.End("eth0", MacAddress.parse("02:19:00:00:00:01"), 1500);
    cluster
        .node(1)
        .ask(
            netlink -> {
              netlink.run(Links.addVeth(near, end, far.fd()));
              return near;
            });
    far.run(() -> Sysctl.setInterface("ipv6", "eth0", "accept_dad", 0));
    cluster.node(1).namespace().run(() -> Sysctl.setInterface("ipv6", "eth1", "accept_dad", 0));
    ip(far, FAR);
    ip(far, WORLD.replace(" add ", " replace "));
    ip(cluster.node(1).namespace(), NODE);
  }

  /** The node as it was at first, whatever became of its devices, routes and settings. */
  void restore() {
    byUnderlay.forEach(metric -> defaultByUnderlay("del", metric));
    byUnderlay.clear();
    for (String device : List.of("eth1", "eth1.7", "br1", "tun7")) {
      if (cluster.node(1).ask(n -> n.find(Links.named(device)).isPresent())) {
        node("link del " + device);
      }
      String pinned = device.replace('.', ':');
      Await.until("nothing on " + device, () -> pins(pinned).isEmpty());
    }
    connect();
    if (!cluster.node(1).config().equals(usual)) {
      cluster.node(1).config(usual);
      cluster.node(1).reopen();
      cluster.apply();
    }
  }

  /** Default routes of both families by the second uplink, with a metric. */
  void defaultByUplink(int metric) {
    node("route add default via 198.19.0.254 dev eth1 metric " + metric);
    node("route add default via fd19::fe dev eth1 metric " + metric);
  }

  /** The same by the underlay. */
  void defaultByUnderlay(int metric) {
    defaultByUnderlay("add", metric);
    byUnderlay.add(metric);
  }

  private void defaultByUnderlay(String how, int metric) {
    node("route " + how + " default via 198.18.0.200 dev eth0 metric " + metric);
    node("route " + how + " default via fd18::200 dev eth0 metric " + metric);
  }

  /** Takes the default routes by the second uplink away. */
  void noDefaultByUplink(int metric) {
    node("route del default via 198.19.0.254 dev eth1 metric " + metric);
    node("route del default via fd19::fe dev eth1 metric " + metric);
  }

  TestCluster cluster() {
    return cluster;
  }

  NetworkNamespace far() {
    return far;
  }

  /** Runs `ip` on the node. */
  void node(String command) {
    ip(cluster.node(1).namespace(), command);
  }

  /** Names of the pinned links on the device. */
  List<String> pins(String device) {
    return pins().stream().filter(name -> name.startsWith(device + "_")).toList();
  }

  /** Names of all pinned links. */
  List<String> pins() {
    Path links = cluster.node(1).config().pinRoot().resolve("n1/links");
    try (Stream<Path> files = Files.list(links)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs `ip -batch` in a namespace. */
  static void ip(NetworkNamespace in, String commands) {
    in.call(
        () -> {
          Process process =
              new ProcessBuilder("ip", "-batch", "-").redirectErrorStream(true).start();
          try (var to = process.getOutputStream()) {
            to.write((commands + "\n").getBytes(StandardCharsets.UTF_8));
          }
          String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          if (process.waitFor() != 0) {
            throw new IOException("ip: " + said);
          }
          return said;
        });
  }

  @Override
  public void close() {
    cluster.close();
  }
}
