package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Fragments;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Tcp;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Prints what a packet costs in each program; asserts only that it was measured on its true way.
 */
class SpeedTest {
  private static final int REPEAT = 1000;
  private static final int ROUNDS = 100;
  private static final int MARK = 0x5d000000;
  private static final Pod CLIENT = Pod.of(11, 1001);
  private static final Pod SERVER = Pod.of(12, 1002);
  private static final String REMOTE = "10.244.2.13";
  private static final String WORLD = "203.0.113.9";

  private static Dataplane node;
  private static long harness;

  @BeforeAll
  static void load() {
    node = new Dataplane(NodeSettings.USUAL, Dataplane.USUAL_CONNECTIONS);
    node.wire(CLIENT);
    node.wire(SERVER);
    node.locate(new Location("198.18.0.2", 32, 6, "198.18.0.2"));
    node.locate(new Location(REMOTE, 32, 1003, "198.18.0.2"));
    byte[] any = CLIENT.sends(WORLD).tcp(1, 2, Tcp.ACK).build();
    harness = median(Hook.NONE, "", 0, false, round -> any);
    System.out.printf("measuring itself: %d ns, taken off below%n", harness);
  }

  @AfterAll
  static void unload() {
    node.close();
  }

  private static long median(
      Hook hook, String ingress, int mark, boolean fresh, IntFunction<byte[]> packets) {
    long[] nanos = new long[ROUNDS];
    Pod pod = hook == Hook.TO_ENDPOINT ? SERVER : CLIENT;
    Arrays.setAll(
        nanos, i -> node.timing().of(hook, pod, ingress, mark, fresh, packets.apply(i), REPEAT));
    Arrays.sort(nanos);
    return nanos[ROUNDS / 2];
  }

  private static void print(
      String what,
      Hook hook,
      String ingress,
      int mark,
      boolean fresh,
      IntFunction<byte[]> packets) {
    Fates before = node.fates();
    long nanos = median(hook, ingress, mark, fresh, packets);
    System.out.printf("%s: %d ns%n", what, nanos - harness);
    assertTrue(nanos > 0);
    Fates since = node.fates().since(before);
    assertEquals(0, since.dropped(), "drops were measured");
    boolean counted = hook != Hook.TO_OVERLAY || mark == 0;
    assertEquals(counted ? (long) ROUNDS * REPEAT : 0, since.packets());
  }

  private static void print(String what, Hook hook, String ingress, int mark, byte[] packet) {
    print(what, hook, ingress, mark, false, round -> packet);
  }

  /** Each round begins with the same source port, so each has a destination port of its own. */
  private static void printNew(String what, String destination) {
    print(
        what,
        Hook.FROM_ENDPOINT,
        "",
        0,
        true,
        round -> CLIENT.sends(destination).tcp(1, 80 + round, Tcp.SYN).build());
    assertTrue(node.connections().size() > ROUNDS * REPEAT / 2, "connections were opened twice");
  }

  private static byte[] ack(String destination) {
    return CLIENT.sends(destination).tcp(40000, 80, Tcp.ACK).build();
  }

  @Test
  void fromEndpoint_establishedConnections_costIsPrinted() {
    Hook hook = Hook.FROM_ENDPOINT;
    print("from_endpoint to a pod of the node, IPv4", hook, "", 0, ack(SERVER.ipv4()));
    print("from_endpoint to a pod of the node, IPv6", hook, "", 0, ack(SERVER.ipv6()));
    print("from_endpoint to a pod of another node", hook, "", 0, ack(REMOTE));
    byte[] large = CLIENT.sends(REMOTE).payload(1400).tcp(40000, 80, Tcp.ACK).build();
    print("from_endpoint to a pod of another node, 1440 bytes", hook, "", 0, large);
    print("from_endpoint to the own node", hook, "", 0, ack(Dataplane.NODE_IPV4));
    print("from_endpoint to the world", hook, "", 0, ack(WORLD));
  }

  @Test
  void fromEndpoint_newConnections_costIsPrinted() {
    printNew("from_endpoint to a pod of the node, new", SERVER.ipv4());
    printNew("from_endpoint to a pod of another node, new", REMOTE);
  }

  @Test
  void fromEndpoint_fragments_costIsPrinted() {
    byte[] whole = CLIENT.sends(SERVER.ipv4()).payload(200).udp(40000, 80).build();
    var fragments = Fragments.cut(whole, 1, 96);
    print("from_endpoint, first fragment", Hook.FROM_ENDPOINT, "", 0, fragments.get(0));
    print("from_endpoint, later fragment", Hook.FROM_ENDPOINT, "", 0, fragments.get(1));
  }

  @Test
  void toEndpoint_costIsPrinted() {
    byte[] packet = SERVER.gets(WORLD).tcp(40000, 80, Tcp.ACK).build();
    print("to_endpoint from the world", Hook.TO_ENDPOINT, "underlay", 0, packet);
  }

  @Test
  void overlay_bothWays_costIsPrinted() {
    byte[] in = PacketBuilder.packet(REMOTE, SERVER.ipv4()).tcp(40000, 80, Tcp.ACK).build();
    byte[] own = PacketBuilder.packet(Dataplane.NODE_IPV4, REMOTE).tcp(40000, 80, Tcp.ACK).build();
    print("from_overlay, and the key set", Hook.FROM_OVERLAY, "", 1003, in);
    print("to_overlay of a pod", Hook.TO_OVERLAY, "underlay", MARK, ack(REMOTE));
    print("to_overlay of the node", Hook.TO_OVERLAY, "", 0, own);
  }
}
