package io.sekisho.vm;

import io.sekisho.lab.Await;
import io.sekisho.lab.Ip;
import io.sekisho.lab.traffic.Exchange;
import io.sekisho.lab.traffic.Place;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** What must be dropped, and told with its reason (Hubble's numbers). */
final class GuestDrops {
  private static final int INVALID_SOURCE = 132;
  private static final int DEFAULT_DENY = 133;
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final int SILENCE_MILLIS = 700;

  private final Checks checks;

  GuestDrops(Checks checks) {
    this.checks = checks;
  }

  /** A pod sends with an address that it has given itself. */
  void spoofed(GuestNode node, int pod, InetAddress to, int port) {
    boolean ipv4 = to instanceof Inet4Address;
    String name = "IPv" + (ipv4 ? 4 : 6) + " with another source is dropped, and told";
    String namespace = node.podNamespace(pod);
    String other = ipv4 ? "10.244.9.9" : "fd00:10:244:9::9";
    new Ip()
        .add("addr add " + other + (ipv4 ? "/32" : "/128") + " dev eth0" + (ipv4 ? "" : " nodad"))
        .runIn(namespace);
    checks.check(
        name,
        () -> {
          node.forgetDrops();
          InetSocketAddress own = new InetSocketAddress(InetAddress.ofLiteral(other), 0);
          try (DatagramSocket socket = new Place(namespace).call(() -> new DatagramSocket(own))) {
            socket.send(new DatagramPacket(new byte[8], 8, to, port));
          }
          awaitDrop(node, INVALID_SOURCE);
          return true;
        });
  }

  /** Nobody may ping the pod at this address. */
  void denied(Place client, GuestNode node, InetAddress pod) {
    checks.check(
        "a denied ping is dropped, and told",
        () -> {
          node.forgetDrops();
          boolean passed = Exchange.ping(client, pod, SILENCE_MILLIS);
          awaitDrop(node, DEFAULT_DENY);
          return !passed;
        });
  }

  private static void awaitDrop(GuestNode node, int reason) {
    Await.until(
        SOON,
        () -> "no drop with reason " + reason + ", but " + node.drops(),
        () -> node.drops().contains(reason));
  }
}
