package io.sekisho.vm;

import io.sekisho.agent.datapath.Routing;
import io.sekisho.agent.datapath.ServiceAddress;
import io.sekisho.lab.Command;
import io.sekisho.lab.LabNode;
import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Exchange;
import io.sekisho.lab.traffic.Place;
import io.sekisho.policy.compile.PolicyTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The program: two nodes, two pods on the first and one on the second, and traffic between them and
 * to outside. The first node serves services at sockets. Arguments are ways, as {@code geneve}: the
 * nodes go from one to the next with their pods; {@code restart} at the end exchanges the programs
 * of the last way under traffic. One line for each check.
 */
public final class GuestCheck {
  private static final int CLIENT = 11;
  private static final int NEAR = 12;
  private static final int FAR = 21;
  private static final int PORT = 8080;
  private static final int BYTES = 300_000;
  private static final int FRAGMENTED = 4_000;
  private static final int REFUSAL_MILLIS = 2_000;
  private static final int DATAGRAM = 1_000;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int SERVICE_PORT = 80;
  private static final int EMPTY_PORT = 81;

  private static final String RESTART = "restart";

  /** Out of 192.0.2.0/24 and 2001:db8::/32, set apart for documents: nobody is there. */
  private static final List<InetAddress> SERVICES =
      List.of(InetAddress.ofLiteral("192.0.2.80"), InetAddress.ofLiteral("2001:db8::80"));

  /** Where the guest has cgroups of version 2, and this program with all others in their root. */
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private final Checks checks = new Checks();
  private final GuestNode one;
  private final GuestNode two;

  private GuestCheck(List<LabNode> nodes) {
    one = new GuestNode(nodes.get(0), Optional.of(CGROUPS));
    two = new GuestNode(nodes.get(1), Optional.empty());
  }

  /** Runs; exit status 1 if a check failed. */
  public static void main(String[] arguments) {
    List<LabNode> nodes = GuestWires.nodes();
    GuestWires.make(nodes);
    GuestCheck guest = new GuestCheck(nodes);
    guest.run(
        Stream.of(arguments)
            .filter(word -> !word.equals(RESTART))
            .map(word -> Routing.valueOf(word.toUpperCase(Locale.ROOT)))
            .toList(),
        List.of(arguments).contains(RESTART));
    System.exit(guest.checks.allHeld() ? 0 : 1);
  }

  private void run(List<Routing> ways, boolean restart) {
    Routing before = ways.getFirst();
    if (!checks.check(before + " programs load, pods are wired", () -> begin(ways.getFirst()))) {
      return;
    }
    way(before);
    services();
    for (Routing next : ways.subList(1, ways.size())) {
      checks.check(next + " takes the place of " + before, () -> open(next));
      way(next);
      before = next;
    }
    if (restart) {
      new GuestRestart(checks, PORT).underTraffic(one, two, CLIENT, NEAR, FAR);
    }
    new GuestUplink(checks, PORT).speak(one, CLIENT);
    drops();
    checks.check(
        "nothing is left",
        () -> {
          one.uninstall();
          two.uninstall();
          return true;
        });
  }

  private boolean begin(Routing routing) {
    bothOpen(routing);
    one.addPod(CLIENT);
    one.addPod(NEAR);
    two.addPod(FAR);
    return applied();
  }

  private boolean open(Routing routing) {
    bothOpen(routing);
    return applied();
  }

  /** The verifier takes its time under emulation: both at once. */
  private void bothOpen(Routing routing) {
    var second = CompletableFuture.runAsync(() -> two.open(routing));
    one.open(routing);
    second.join();
  }

  private boolean applied() {
    return one.apply(two).isEmpty() && two.apply(one).isEmpty();
  }

  private void way(Routing routing) {
    checks.check(routing + " has its device", () -> hasDevice(routing, one));
    String client = one.podNamespace(CLIENT);
    for (int family = 0; family < 2; family++) {
      String name = routing + " IPv" + (family == 0 ? 4 : 6);
      InetAddress near = one.addresses(NEAR).get(family);
      exchange(name + " same node", client, one.podNamespace(NEAR), near);
      exchange(name + " cross node", client, two.podNamespace(FAR), two.addresses(FAR).get(family));
      checks.check(name + " node to pod", () -> Exchange.ping(new Place(one.namespace()), near));
    }
    new GuestOutside(checks, PORT).speak(routing.toString(), one, CLIENT);
  }

  /** Whether the node has a device of the way's kind, and none of another kind. */
  private static boolean hasDevice(Routing routing, GuestNode node) {
    for (Routing kind : List.of(Routing.VXLAN, Routing.GENEVE)) {
      String found =
          Command.of("ip", "-o", "link", "show", "type", kind.word())
              .inside(node.namespace())
              .run()
              .output();
      if (found.isBlank() == (kind == routing)) {
        return false;
      }
    }
    return true;
  }

  private void exchange(String name, String from, String to, InetAddress address) {
    Place place = new Place(from);
    checks.check(name + " ping", () -> Exchange.ping(place, address));
    try (Echo echo = new Echo(new Place(to), PORT)) {
      checks.check(name + " TCP", () -> Exchange.tcp(place, address, PORT, BYTES));
      checks.check(
          name + " UDP in fragments", () -> Exchange.udp(place, address, PORT, FRAGMENTED));
    } catch (IOException e) {
      checks.check(name + " echo ends", () -> false);
    }
  }

  /** The programs at sockets: from a pod to a service whose backend is on the other node. */
  private void services() {
    Place client = new Place(one.podNamespace(CLIENT));
    for (int family = 0; family < 2; family++) {
      var backend = new InetSocketAddress(two.addresses(FAR).get(family), PORT);
      one.service(new ServiceAddress(SERVICES.get(family), SERVICE_PORT, TCP), backend);
      one.service(new ServiceAddress(SERVICES.get(family), SERVICE_PORT, UDP), backend);
      one.service(new ServiceAddress(SERVICES.get(family), EMPTY_PORT, TCP));
    }
    checks.check("services are realized", () -> one.apply(two).isEmpty());
    try (Echo echo = new Echo(new Place(two.podNamespace(FAR)), PORT)) {
      for (int family = 0; family < 2; family++) {
        String name = "service by IPv" + (family == 0 ? 4 : 6);
        InetAddress service = SERVICES.get(family);
        checks.check(name + ", TCP", () -> Exchange.tcp(client, service, SERVICE_PORT, BYTES));
        checks.check(name + ", UDP", () -> Exchange.udp(client, service, SERVICE_PORT, DATAGRAM));
        checks.check(name + " without backends refuses", () -> refused(client, service));
      }
    } catch (IOException e) {
      checks.check("echo of services ends", () -> false);
    }
  }

  private static boolean refused(Place client, InetAddress service) {
    long begun = System.nanoTime();
    return !Exchange.tcp(client, service, EMPTY_PORT, 1)
        && System.nanoTime() - begun < REFUSAL_MILLIS * 1_000_000L;
  }

  /** What must not pass, and what is told of it. */
  private void drops() {
    var drops = new GuestDrops(checks);
    for (int family = 0; family < 2; family++) {
      drops.spoofed(one, CLIENT, two.addresses(FAR).get(family), PORT);
    }
    two.policy(FAR, new PolicyTable(true, false, Map.of()));
    checks.check("a policy is realized", () -> two.apply(one).isEmpty());
    drops.denied(new Place(one.podNamespace(CLIENT)), two, two.addresses(FAR).get(0));
  }
}
