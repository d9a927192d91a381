package io.sekisho.bench;

import io.sekisho.testkit.dataplane.Dataplane;
import io.sekisho.testkit.dataplane.Location;
import io.sekisho.testkit.dataplane.Outcome;
import io.sekisho.testkit.dataplane.Pod;
import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Tcp;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What each program costs for a packet of an open connection, by the kernel's own test runs. */
final class ProgramsBenchmark implements Benchmark {
  /** Fewer than a packet has hops: the packet of a run is the one that the last run left. */
  private static final int REPEAT = 250;

  private static final int ROUNDS = 200;
  private static final String OUTSIDE_4 = "203.0.113.9";
  private static final String OUTSIDE_6 = "2001:db8:113::9";
  private static final String FAR_4 = "10.244.2.13";
  private static final String FAR_6 = "fd00:10:244:2::d";

  @Override
  public String name() {
    return "programs";
  }

  @Override
  public void run(Consumer<Result> told) {
    try (Dataplane node = Dataplane.load()) {
      Pod client = Pod.of(11, 1001);
      Pod server = Pod.of(12, 1002);
      node.wire(client);
      node.wire(server);
      node.locate(new Location("198.18.0.2", 32, 6, ""));
      node.locate(new Location(FAR_4, 32, 1003, "198.18.0.2"));
      node.locate(new Location(FAR_6, 128, 1003, "198.18.0.2"));
      for (int family = 4; family <= 6; family += 2) {
        boolean ipv6 = family == 6;
        String ip = ", IPv" + family;
        fromEndpoint(node, client, server.address(ipv6), "pod of the node" + ip, told);
        fromEndpoint(node, client, ipv6 ? FAR_6 : FAR_4, "pod of another node" + ip, told);
        fromEndpoint(
            node, client, ipv6 ? Dataplane.NODE_IPV6 : Dataplane.NODE_IPV4, "own node" + ip, told);
        fromEndpoint(node, client, ipv6 ? OUTSIDE_6 : OUTSIDE_4, "outside" + ip, told);
        underlay(node, client, ipv6, told);
      }
    }
  }

  private static void fromEndpoint(
      Dataplane node, Pod client, String to, String what, Consumer<Result> told) {
    byte[] packet = client.sends(to).hopLimit(255).tcp(40000, 80, Tcp.ACK).build();
    tell("from_endpoint, to " + what, () -> node.nanos(client, packet, REPEAT), told);
  }

  private static void underlay(Dataplane node, Pod pod, boolean ipv6, Consumer<Result> told) {
    String outside = ipv6 ? OUTSIDE_6 : OUTSIDE_4;
    String own = ipv6 ? Dataplane.NODE_IPV6 : Dataplane.NODE_IPV4;
    String ip = ipv6 ? ", IPv6" : ", IPv4";
    byte[] packet = pod.sends(outside).hopLimit(255).tcp(40000, 443, Tcp.ACK).build();
    Outcome sent = node.fromEndpoint(pod, packet);
    Outcome left = node.toNetdev(sent.mark(), sent.packet());
    int port = Frame.of(left.packet()).sourcePort();
    byte[] toNode = arriving(outside, own).tcp(40000, 6443, Tcp.ACK).build();
    byte[] toPod =
        arriving(outside, pod.address(ipv6)).hopLimit(255).tcp(4000, 80, Tcp.ACK).build();
    byte[] back = arriving(outside, own).hopLimit(255).tcp(443, port, Tcp.ACK).build();
    tell("to_netdev, as it is" + ip, () -> node.nanosToNetdev(0, packet, REPEAT), told);
    int marked = Dataplane.MARK_MASQUERADE;
    // one run each: the packet of a second one would be another
    tell("to_netdev, masqueraded" + ip, () -> node.nanosToNetdev(marked, sent.packet(), 1), told);
    tell("from_netdev, to the node" + ip, () -> node.nanosFromNetdev(toNode, REPEAT), told);
    tell("from_netdev, to a pod" + ip, () -> node.nanosFromNetdev(toPod, REPEAT), told);
    tell("from_netdev, masqueraded" + ip, () -> node.nanosFromNetdev(back, 1), told);
  }

  private static PacketBuilder arriving(String from, String to) {
    return PacketBuilder.packet(from, to).macs(new byte[6], Dataplane.UNDERLAY_MAC);
  }

  private static void tell(String what, LongSupplier nanos, Consumer<Result> told) {
    double[] all = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      all[i] = nanos.getAsLong();
    }
    Series series = new Series(all);
    told.accept(Result.plain(what, series.median(), "ns", series.spread(1, "ns")));
  }
}
