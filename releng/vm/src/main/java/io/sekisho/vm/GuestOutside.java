package io.sekisho.vm;

import io.sekisho.lab.Command;
import io.sekisho.lab.Outside;
import io.sekisho.lab.World;
import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Exchange;
import io.sekisho.lab.traffic.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;

/**
 * A pod speaks to machines outside of the cluster: with the node's address, and errors about that
 * find their way back to the pod.
 */
final class GuestOutside {
  private static final int BYTES = 300_000;
  private static final int FRAGMENTED = 4_000;

  /** Fits into the nodes' wires and overlays, and not into the wire beyond the router. */
  private static final int TOO_LONG = 1_380;

  private final Checks checks;
  private final int port;

  /** With the port where echoes listen; the next one is closed. */
  GuestOutside(Checks checks, int port) {
    this.checks = checks;
    this.port = port;
  }

  /** All of it, from a pod of the node. */
  void speak(String way, GuestNode node, int pod) {
    Place client = new Place(node.podNamespace(pod));
    try (Echo server = new Echo(new Place(Outside.SERVER.name()), port);
        Echo beyond = new Echo(new Place(Outside.BEYOND.name()), port)) {
      for (int family = 0; family < 2; family++) {
        String name = way + " IPv" + (family == 0 ? 4 : 6) + " masqueraded";
        server.forget();
        exchange(name, client, address(Outside.SERVER, family));
        Set<InetAddress> own = Set.of(node.underlays().get(family));
        checks.check(name + ", with the node's address", () -> server.callers().equals(own));
        smallWire(name, client, address(Outside.BEYOND, family), family);
        checks.check(name + ", through the small wire", () -> beyond.callers().containsAll(own));
      }
    } catch (IOException e) {
      checks.check(way + " outside echo ends", () -> false);
    }
  }

  private void exchange(String name, Place client, InetAddress to) {
    checks.check(name + " ping", () -> Exchange.ping(client, to));
    checks.check(name + " TCP", () -> Exchange.tcp(client, to, port, BYTES));
    checks.check(name + " UDP in fragments", () -> Exchange.udp(client, to, port, FRAGMENTED));
    checks.check(name + ", a closed port is told", () -> Exchange.udpRefused(client, to, port + 1));
  }

  private void smallWire(String name, Place client, InetAddress to, int family) {
    forgetWays(client, family);
    checks.check(
        name + ", a small wire is told", () -> Exchange.udpTooLong(client, to, port, TOO_LONG));
    forgetWays(client, family);
    checks.check(name + " TCP over it", () -> Exchange.tcp(client, to, port, BYTES));
  }

  /** What the pod has learnt of small wires, also on the way before, counts no more. */
  private static void forgetWays(Place client, int family) {
    Command.of("ip", family == 0 ? "-4" : "-6", "route", "flush", "cache")
        .inside(client.namespace())
        .run();
  }

  private static InetAddress address(World world, int family) {
    return InetAddress.ofLiteral(world.addresses().get(family));
  }
}
