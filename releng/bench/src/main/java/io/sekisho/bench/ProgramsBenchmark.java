package io.sekisho.bench;

import io.sekisho.testkit.dataplane.Dataplane;
import io.sekisho.testkit.dataplane.Hook;
import io.sekisho.testkit.dataplane.Location;
import io.sekisho.testkit.dataplane.NodeSettings;
import io.sekisho.testkit.dataplane.Outcome;
import io.sekisho.testkit.dataplane.Pod;
import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Tcp;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What each program costs for a packet of an open connection, by the kernel's own test runs. */
final class ProgramsBenchmark implements Benchmark {
  /** Fewer than a packet has hops: the packet of a run is the one that the last run left. */
  private static final int REPEAT = 250;

  private static final int ROUNDS = 200;
  private static final int MARK_ENCAPSULATED = 0x5d000000;
  private static final String OTHER_NODE = "198.18.0.2";
  private static final String OUTSIDE_4 = "203.0.113.9";
  private static final String OUTSIDE_6 = "2001:db8:113::9";
  private static final String FAR_4 = "10.244.2.13";
  private static final String FAR_6 = "fd00:10:244:2::d";
  private static final Pod CLIENT = Pod.of(11, 1001);
  private static final Pod SERVER = Pod.of(12, 1002);

  @Override
  public String name() {
    return "programs";
  }

  @Override
  public void run(Consumer<Result> told) {
    try (var node = new Dataplane(NodeSettings.USUAL, Dataplane.USUAL_CONNECTIONS)) {
      node.wire(CLIENT);
      node.wire(SERVER);
      node.locate(new Location(OTHER_NODE, 32, 6, OTHER_NODE));
      node.locate(new Location(FAR_4, 32, 1003, OTHER_NODE));
      node.locate(new Location(FAR_6, 128, 1003, OTHER_NODE));
      pods(node, false, told);
      pods(node, true, told);
      underlay(node, false, told);
      underlay(node, true, told);
    }
  }

  private static void pods(Dataplane node, boolean ipv6, Consumer<Result> told) {
    String ip = ipv6 ? ", IPv6" : ", IPv4";
    String far = ipv6 ? FAR_6 : FAR_4;
    String outside = ipv6 ? OUTSIDE_6 : OUTSIDE_4;
    String own = ipv6 ? Dataplane.NODE_IPV6 : Dataplane.NODE_IPV4;
    Hooks hooks = new Hooks(node, measuring(node, ack(outside)), told);
    Hook from = Hook.FROM_ENDPOINT;
    hooks.tell("to a pod of the node" + ip, from, "", 0, ack(SERVER.address(ipv6)));
    hooks.tell("to a pod of another node" + ip, from, "", 0, ack(far));
    hooks.tell("to the own node" + ip, from, "", 0, ack(own));
    hooks.tell("to outside" + ip, from, "", 0, ack(outside));
    byte[] in = SERVER.gets(outside).tcp(40000, 80, Tcp.ACK).build();
    hooks.tell("from outside" + ip, Hook.TO_ENDPOINT, "underlay", 0, in);
    byte[] tunnelled =
        PacketBuilder.packet(far, SERVER.address(ipv6)).tcp(40000, 80, Tcp.ACK).build();
    hooks.tell("and the tunnel's key" + ip, Hook.FROM_OVERLAY, "", 1003, tunnelled);
    hooks.tell("of a pod" + ip, Hook.TO_OVERLAY, "underlay", MARK_ENCAPSULATED, ack(far));
  }

  private static byte[] ack(String to) {
    return CLIENT.sends(to).tcp(40000, 80, Tcp.ACK).build();
  }

  /** What measuring itself takes, ns; taken off. */
  private static double measuring(Dataplane node, byte[] packet) {
    return series(() -> node.timing().of(Hook.NONE, CLIENT, "", 0, false, packet, REPEAT)).median();
  }

  /** Measures programs at the hooks of pods and of the overlay. */
  private record Hooks(Dataplane node, double measuring, Consumer<Result> told) {
    void tell(String what, Hook hook, String ingress, int mark, byte[] packet) {
      Pod pod = hook == Hook.TO_ENDPOINT ? SERVER : CLIENT;
      Series all = series(() -> node.timing().of(hook, pod, ingress, mark, false, packet, REPEAT));
      String name = hook.name().toLowerCase(Locale.ROOT) + " " + what;
      double own = Math.max(0, all.median() - measuring);
      told.accept(Result.plain(name, own, "ns", all.spread(1, "ns") + " with measuring"));
    }
  }

  private static void underlay(Dataplane node, boolean ipv6, Consumer<Result> told) {
    String outside = ipv6 ? OUTSIDE_6 : OUTSIDE_4;
    String own = ipv6 ? Dataplane.NODE_IPV6 : Dataplane.NODE_IPV4;
    String ip = ipv6 ? ", IPv6" : ", IPv4";
    byte[] packet = CLIENT.sends(outside).hopLimit(255).tcp(40000, 443, Tcp.ACK).build();
    Outcome sent = node.fromEndpoint(CLIENT, packet);
    Outcome left = node.toNetdev(sent.mark(), sent.packet());
    int port = Frame.of(left.packet()).sourcePort();
    byte[] toNode = arriving(outside, own).tcp(40000, 6443, Tcp.ACK).build();
    byte[] toPod =
        arriving(outside, CLIENT.address(ipv6)).hopLimit(255).tcp(4000, 80, Tcp.ACK).build();
    byte[] back = arriving(outside, own).hopLimit(255).tcp(443, port, Tcp.ACK).build();
    tell("to_netdev, as it is" + ip, () -> node.timing().toNetdev(0, packet, REPEAT), told);
    int marked = Dataplane.MARK_MASQUERADE;
    // the packet of a second run would be another; what reading the clock takes is in them
    tell("to_netdev, as it is, one run" + ip, () -> node.timing().toNetdev(0, packet, 1), told);
    tell(
        "to_netdev, masqueraded, one run" + ip,
        () -> node.timing().toNetdev(marked, sent.packet(), 1),
        told);
    tell("from_netdev, to the node" + ip, () -> node.timing().fromNetdev(toNode, REPEAT), told);
    tell("from_netdev, to a pod" + ip, () -> node.timing().fromNetdev(toPod, REPEAT), told);
    tell("from_netdev, masqueraded, one run" + ip, () -> node.timing().fromNetdev(back, 1), told);
  }

  private static PacketBuilder arriving(String from, String to) {
    return PacketBuilder.packet(from, to).macs(new byte[6], Dataplane.UNDERLAY_MAC);
  }

  private static void tell(String what, LongSupplier nanos, Consumer<Result> told) {
    Series all = series(nanos);
    told.accept(Result.plain(what, all.median(), "ns", all.spread(1, "ns")));
  }

  private static Series series(LongSupplier nanos) {
    double[] all = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      all[i] = nanos.getAsLong();
    }
    return new Series(all);
  }
}
