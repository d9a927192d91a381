package io.sekisho.vm;

import io.sekisho.agent.datapath.Routing;
import io.sekisho.agent.datapath.ServiceAddress;
import io.sekisho.lab.Command;
import io.sekisho.lab.Ip;
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
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The program: two nodes, two pods on the first and one on the second, and traffic between them.
 * The first node serves services at sockets. Arguments are ways, as {@code geneve}; one line for
 * each check.
 */
public final class GuestCheck {
  private static final int CLIENT = 11;
  private static final int NEAR = 12;
  private static final int FAR = 21;
  private static final int PORT = 8080;
  private static final int DROP_MILLIS = 5_000;
  private static final int SILENCE_MILLIS = 700;
  private static final int BYTES = 300_000;
  private static final int FRAGMENTED = 4_000;
  private static final int DEFAULT_DENY = 133;
  private static final int REFUSAL_MILLIS = 2_000;
  private static final int DATAGRAM = 1_000;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int SERVICE_PORT = 80;
  private static final int EMPTY_PORT = 81;

  /** Out of 192.0.2.0/24 and 2001:db8::/32, set apart for documents: nobody is there. */
  private static final List<InetAddress> SERVICES =
      List.of(InetAddress.ofLiteral("192.0.2.80"), InetAddress.ofLiteral("2001:db8::80"));

  /** Where the guest has cgroups of version 2, and this program with all others in their root. */
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private final long start = System.nanoTime();
  private int failed;

  private GuestCheck() {}

  /** Runs; exit status 1 if a check failed. */
  public static void main(String[] arguments) {
    GuestCheck check = new GuestCheck();
    check.makeUnderlay();
    for (String word : arguments) {
      check.way(Routing.valueOf(word.toUpperCase(Locale.ROOT)));
    }
    System.exit(check.failed == 0 ? 0 : 1);
  }

  private void makeUnderlay() {
    new Ip()
        .add("link add name br0 type bridge stp_state 0 mcast_snooping 0")
        .add("link set br0 up")
        .run();
    for (int number = 1; number <= 2; number++) {
      LabNode node = new LabNode(number);
      new Ip()
          .add("netns add " + node.name())
          .add("link add name w%d type veth peer name eth0 netns n%d".formatted(number, number))
          .add("link set w" + number + " master br0 up")
          .run();
      new Ip()
          .add("link set lo up")
          .add("addr add " + node.addresses().get(0) + "/24 dev eth0")
          .add("addr add " + node.addresses().get(1) + "/64 dev eth0 nodad")
          .add("link set eth0 up")
          .runIn(node.name());
    }
  }

  private void way(Routing routing) {
    GuestNode one = new GuestNode(new LabNode(1));
    GuestNode two = new GuestNode(new LabNode(2));
    boolean loaded =
        check(
            routing + " programs load, pods are wired",
            () -> {
              // the verifier takes its time under emulation: both at once
              var second =
                  CompletableFuture.runAsync(() -> two.open(routing, false, Optional.empty()));
              one.open(routing, false, Optional.of(CGROUPS));
              second.join();
              one.addPod(CLIENT);
              one.addPod(NEAR);
              two.addPod(FAR);
              return one.apply(two, routing).isEmpty() && two.apply(one, routing).isEmpty();
            });
    if (!loaded) {
      return;
    }
    check(routing + " has its device", () -> hasDevice(routing, one));
    String client = one.podNamespace(CLIENT);
    for (int family = 0; family < 2; family++) {
      String name = routing + " IPv" + (family == 0 ? 4 : 6);
      exchange(
          name + " same node", client, one.podNamespace(NEAR), one.addresses(NEAR).get(family));
      exchange(name + " cross node", client, two.podNamespace(FAR), two.addresses(FAR).get(family));
      InetAddress near = one.addresses(NEAR).get(family);
      check(name + " node to pod", () -> Exchange.ping(new Place(one.namespace()), near));
    }
    services(routing, one, two);
    denied(routing, one, two);
    check(
        routing + " nothing is left",
        () -> {
          one.uninstall();
          two.uninstall();
          return true;
        });
  }

  /** Whether the node has a device of the way's kind, and none of the other kind. */
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
    check(name + " ping", () -> Exchange.ping(place, address));
    try (Echo echo = new Echo(new Place(to), PORT)) {
      check(name + " TCP", () -> Exchange.tcp(place, address, PORT, BYTES));
      check(name + " UDP in fragments", () -> Exchange.udp(place, address, PORT, FRAGMENTED));
    } catch (IOException e) {
      check(name + " echo ends", () -> false);
    }
  }

  /** The programs at sockets: from a pod to a service whose backend is on the other node. */
  private void services(Routing routing, GuestNode one, GuestNode two) {
    Place client = new Place(one.podNamespace(CLIENT));
    for (int family = 0; family < 2; family++) {
      var backend = new InetSocketAddress(two.addresses(FAR).get(family), PORT);
      one.service(new ServiceAddress(SERVICES.get(family), SERVICE_PORT, TCP), backend);
      one.service(new ServiceAddress(SERVICES.get(family), SERVICE_PORT, UDP), backend);
      one.service(new ServiceAddress(SERVICES.get(family), EMPTY_PORT, TCP));
    }
    check(routing + " services are realized", () -> one.apply(two, routing).isEmpty());
    try (Echo echo = new Echo(new Place(two.podNamespace(FAR)), PORT)) {
      for (int family = 0; family < 2; family++) {
        String name = routing + " service by IPv" + (family == 0 ? 4 : 6);
        InetAddress service = SERVICES.get(family);
        check(name + ", TCP", () -> Exchange.tcp(client, service, SERVICE_PORT, BYTES));
        check(name + ", UDP", () -> Exchange.udp(client, service, SERVICE_PORT, DATAGRAM));
        check(name + " without backends refuses", () -> refused(client, service));
      }
    } catch (IOException e) {
      check(routing + " echo ends", () -> false);
    }
  }

  private static boolean refused(Place client, InetAddress service) {
    long begun = System.nanoTime();
    return !Exchange.tcp(client, service, EMPTY_PORT, 1)
        && System.nanoTime() - begun < REFUSAL_MILLIS * 1_000_000L;
  }

  private void denied(Routing routing, GuestNode one, GuestNode two) {
    List<Integer> reasons = new CopyOnWriteArrayList<>();
    two.watchDrops(reasons);
    two.policy(FAR, new PolicyTable(true, false, Map.of()));
    check(
        routing + " a denied ping is dropped, and told",
        () -> {
          boolean realized = two.apply(one, routing).isEmpty();
          boolean passed =
              Exchange.ping(
                  new Place(one.podNamespace(CLIENT)), two.addresses(FAR).get(0), SILENCE_MILLIS);
          long deadline = System.nanoTime() + DROP_MILLIS * 1_000_000L;
          while (reasons.isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
          }
          return realized && !passed && reasons.contains(DEFAULT_DENY);
        });
  }

  private boolean check(String name, Callable<Boolean> work) {
    String problem = "";
    try {
      problem = work.call() ? "" : " (it did not)";
    } catch (Exception e) {
      problem = " (" + e + ")";
    }
    failed += problem.isEmpty() ? 0 : 1;
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.println(
        String.format(
            Locale.ROOT,
            "%s %s%s, %.1f s",
            problem.isEmpty() ? "ok" : "FAILED",
            name,
            problem,
            seconds));
    return problem.isEmpty();
  }
}
