package io.sekisho.vm;

import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import io.sekisho.lab.Ip;
import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Exchange;
import io.sekisho.lab.traffic.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A second device by which a node's default routes leave: a pod that speaks to who is there has
 * that device's address. When the routes go, so do the programs.
 */
final class GuestUplink {
  private static final String FAR = "beyond-uplink";
  private static final String DEVICE = "eth1";
  private static final List<String> OWN = List.of("198.19.0.1", "fd19::1");
  private static final List<String> THERE = List.of("198.19.0.254", "fd19::fe");
  private static final Duration LINGER = Duration.ofMinutes(2);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int BYTES = 300_000;
  private static final int FRAGMENTED = 4_000;

  private final Checks checks;
  private final int port;

  /** With the port where echoes listen; the next one is closed. */
  GuestUplink(Checks checks, int port) {
    this.checks = checks;
    this.port = port;
  }

  /** All of it, from a pod of the node. */
  void speak(GuestNode node, int pod) {
    connect(node);
    checks.check("uplink has programs", () -> node.repair().isEmpty() && !attached(node).isBlank());
    Place client = new Place(node.podNamespace(pod));
    try (Echo server = new Echo(new Place(FAR), port)) {
      for (int family = 0; family < 2; family++) {
        String name = "uplink IPv" + (family == 0 ? 4 : 6);
        InetAddress to = InetAddress.ofLiteral(THERE.get(family));
        server.forget();
        checks.check(name + " ping", () -> Exchange.ping(client, to));
        checks.check(name + " TCP", () -> Exchange.tcp(client, to, port, BYTES));
        checks.check(name + " UDP in fragments", () -> Exchange.udp(client, to, port, FRAGMENTED));
        checks.check(
            name + ", a closed port is told", () -> Exchange.udpRefused(client, to, port + 1));
        Set<InetAddress> own = Set.of(InetAddress.ofLiteral(OWN.get(family)));
        checks.check(name + ", with its address", () -> server.callers().equals(own));
      }
    } catch (IOException e) {
      checks.check("uplink echo ends", () -> false);
    }
    new Ip()
        .add("route del default via %s dev %s".formatted(THERE.get(0), DEVICE))
        .add("route del default via %s dev %s".formatted(THERE.get(1), DEVICE))
        .runIn(node.namespace());
    checks.check("uplink without default route has none", () -> goesInTime(node));
  }

  /** It stays one for a while, from when the monitor has heard of the routes. */
  private static boolean goesInTime(GuestNode node) {
    Await.until(
        SOON,
        () -> "still has " + attached(node),
        () -> {
          node.later(LINGER);
          return node.repair().isEmpty() && attached(node).isBlank();
        });
    return true;
  }

  private static void connect(GuestNode node) {
    new Ip().add("netns add " + FAR).run();
    new Ip()
        .add("link add name %s type veth peer name eth0 netns %s".formatted(DEVICE, FAR))
        .add("addr add %s/24 dev %s".formatted(OWN.get(0), DEVICE))
        .add("addr add %s/64 dev %s nodad".formatted(OWN.get(1), DEVICE))
        .add("link set %s up".formatted(DEVICE))
        .runIn(node.namespace());
    new Ip()
        .add("link set lo up")
        .add("addr add %s/24 dev eth0".formatted(THERE.get(0)))
        .add("addr add %s/64 dev eth0 nodad".formatted(THERE.get(1)))
        .add("link set eth0 up")
        .runIn(FAR);
    new Ip()
        .add("route add default via %s dev %s".formatted(THERE.get(0), DEVICE))
        .add("route add default via %s dev %s".formatted(THERE.get(1), DEVICE))
        .runIn(node.namespace());
  }

  /** What says that programs of ours are on the device: pins, or filters. */
  private static String attached(GuestNode node) {
    String filters =
        Command.of("tc", "filter", "show", "dev", DEVICE, "egress")
            .inside(node.namespace())
            .run()
            .output();
    return filters + node.pins(DEVICE);
  }
}
