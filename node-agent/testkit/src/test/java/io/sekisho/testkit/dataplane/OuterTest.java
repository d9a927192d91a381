package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.Codec;
import io.sekisho.testkit.Await;
import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Tcp;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tunnels whose outer headers the programs make: once the way to a node is known, plain packets go
 * out by the underlay as the overlay device would have sent them; all else goes by the device.
 */
class OuterTest extends DataplaneTestBase {
  private static final byte[] MAC = HexFormat.of().parseHex("02ee00000002");
  private static final int OUTER = 50;

  /** ROUTE_LIFETIME of lib/underlay.h, ns. */
  private static final long WAY_LIFETIME = 10_000_000;

  private static final int VXLAN_PORT = 8472;
  private static final int TRIES = 200;

  private int port;

  @BeforeEach
  void resolve() {
    port = 20_000;
    routesLookAtPorts(node, false);
    neighbour(node, "lladdr 02:ee:00:00:00:02", "nud permanent");
  }

  @AfterEach
  void forget() {
    routesLookAtPorts(node, true);
    ip(node, "neigh del %s dev underlay".formatted(REMOTE_NODE_IPV4));
  }

  private static void ip(Dataplane on, String command) {
    on.onNode(
        () -> {
          TestNetwork.ip(command);
          return command;
        });
  }

  private static void routesLookAtPorts(Dataplane on, boolean look) {
    on.maps().get("route_ports").as(Codec.u32(), Codec.u32()).put(0, look ? 0 : 1);
  }

  private static void neighbour(Dataplane on, String... words) {
    ip(on, "neigh replace %s dev underlay %s".formatted(REMOTE_NODE_IPV4, String.join(" ", words)));
  }

  private byte[] syn(boolean ipv6) {
    return CLIENT.sends(ipv6 ? REMOTE_IPV6 : REMOTE_IPV4).tcp(port++, 80, Tcp.SYN).build();
  }

  private byte[] syn() {
    return syn(false);
  }

  private static boolean isTunnelled(byte[] sent, Outcome outcome) {
    assertEquals(Outcome.REDIRECT, outcome.action(), outcome::toString);
    int grown = outcome.packet().length - sent.length;
    assertTrue(grown == 0 || grown == OUTER, () -> "grown by " + grown);
    return grown == OUTER;
  }

  /** What comes of the packet once the way is known. */
  private byte[] tunnelled(byte[] sent) {
    return tunnelled(sent, () -> sends(CLIENT, sent));
  }

  private static byte[] tunnelled(byte[] sent, Supplier<Outcome> sending) {
    var found = new AtomicReference<byte[]>();
    Await.until(
        "the way",
        () -> {
          Outcome outcome = sending.get();
          found.set(outcome.packet());
          return isTunnelled(sent, outcome);
        });
    return found.get();
  }

  private static byte[] inner(byte[] tunnelled) {
    return Arrays.copyOfRange(tunnelled, OUTER, tunnelled.length);
  }

  /** The same without what differs from packet to packet: id, source port, and sums. */
  private static byte[] plain(byte[] tunnelled) {
    byte[] plain = tunnelled.clone();
    IntStream.of(18, 19, 24, 25, 34, 35, 40, 41).forEach(at -> plain[at] = 0);
    return plain;
  }

  private void assertByDevice(byte[] sent) {
    for (int i = 0; i < TRIES; i++) {
      Outcome outcome = sends(CLIENT, sent);
      assertTrue(!isTunnelled(sent, outcome), outcome::toString);
      assertEquals(63, Frame.of(outcome.packet()).hopLimit());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void knownWay_packetLeavesAsTheDeviceWouldSendIt(boolean ipv6) {
    byte[] sent = syn(ipv6);

    byte[] packet = tunnelled(sent);

    byte[] expected =
        PacketBuilder.packet(Dataplane.NODE_IPV4, REMOTE_NODE_IPV4)
            .macs(Dataplane.UNDERLAY_MAC, MAC)
            .hopLimit(64)
            .vxlan(VXLAN_PORT, CLIENT.identity(), inner(packet))
            .build();
    assertArrayEquals(plain(expected), plain(packet));
    Frame outer = Frame.of(packet);
    assertTrue(outer.headerChecksumRight());
    assertTrue(outer.sourcePort() >= 32_768 && outer.sourcePort() <= 60_999);
    assertArrayEquals(new byte[2], Arrays.copyOfRange(packet, 40, 42), "no checksum of UDP");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void knownWay_innerPacketLosesAHopAndNothingElse(boolean ipv6) {
    byte[] sent = syn(ipv6);

    Frame inner = Frame.of(inner(tunnelled(sent)));

    assertEquals(63, inner.hopLimit());
    assertTrue(ipv6 || inner.headerChecksumRight());
    assertTrue(inner.transportChecksumRight());
    byte[] expected = sent.clone();
    byte[] got = inner.bytes().clone();
    (ipv6 ? IntStream.of(21) : IntStream.of(22, 24, 25)).forEach(at -> expected[at] = got[at]);
    assertArrayEquals(expected, got);
  }

  @Test
  void connections_haveSourcePortsOfTheirOwn_eachKeepsIts() {
    byte[] one = syn();
    byte[] another = syn();

    int ofOne = Frame.of(tunnelled(one)).sourcePort();

    assertEquals(ofOne, Frame.of(tunnelled(one)).sourcePort());
    assertNotEquals(ofOne, Frame.of(tunnelled(another)).sourcePort());
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,2", "3,2", "0xb8,0", "0xbb,2"})
  void congestionBits_areToldOutside(int innerTos, int outerTos) {
    byte[] packet = tunnelled(Frame.with(syn(), 15, Integer.decode("" + innerTos)));

    assertEquals(outerTos, packet[15]);
    assertEquals((byte) innerTos, packet[OUTER + 15]);
    assertTrue(Frame.of(packet).headerChecksumRight());
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,2", "3,2"})
  void congestionBitsOfIpv6_areToldOutside(int inner, int outer) {
    byte[] packet = tunnelled(Frame.with(syn(true), 15, inner << 4));

    assertEquals(outer, packet[15]);
    assertEquals((byte) (inner << 4), packet[OUTER + 15]);
  }

  @Test
  void geneve_hasItsHeader() {
    try (var other = new Dataplane(NodeSettings.USUAL.with(NodeSettings.Flag.GENEVE))) {
      other.wire(CLIENT);
      other.locate(new Location(REMOTE_IPV4, 32, REMOTE_IDENTITY, REMOTE_NODE_IPV4));
      routesLookAtPorts(other, false);
      neighbour(other, "lladdr 02:ee:00:00:00:02", "nud permanent");
      byte[] sent = syn();

      byte[] packet = tunnelled(sent, () -> other.fromEndpoint(CLIENT, sent));

      byte[] header = Arrays.copyOfRange(packet, 42, 50);
      String identity = HexFormat.of().toHexDigits(CLIENT.identity(), 6);
      assertEquals("00006558" + identity + "00", HexFormat.of().formatHex(header));
    }
  }

  @Test
  void routesThatLookAtPorts_byDevice() {
    routesLookAtPorts(node, true);
    assertByDevice(syn());
  }

  @Test
  void neighbourNotResolved_byDevice() {
    tunnelled(syn());
    neighbour(node, "nud failed");
    byte[] sent = syn();
    var tunnelled = new AtomicLong(System.nanoTime());
    // each processor knows the way for itself, as long as it does
    Await.until(
        "the device",
        () -> {
          long now = System.nanoTime();
          if (isTunnelled(sent, sends(CLIENT, sent))) {
            tunnelled.set(now);
          }
          return now - tunnelled.get() > 2 * (WAY_LIFETIME + Dataplane.TICK);
        });
    assertByDevice(sent);
  }

  @Test
  void anotherMac_isFollowed() {
    byte[] sent = syn();
    tunnelled(sent);
    neighbour(node, "lladdr 02:ee:00:00:00:03", "nud permanent");
    Await.until("the other MAC", () -> tunnelled(sent)[5] == 3);
  }

  @Test
  void wayByAnotherDevice_byDevice() {
    ip(node, "route add %s dev overlay".formatted(REMOTE_NODE_IPV4));
    try {
      byte[] sent = syn();
      Await.until("the other device", () -> !isTunnelled(sent, sends(CLIENT, sent)));
      assertByDevice(sent);
    } finally {
      ip(node, "route del %s dev overlay".formatted(REMOTE_NODE_IPV4));
    }
  }

  @Test
  void longerThanTheWayCarries_byDevice() {
    byte[] fits = CLIENT.sends(REMOTE_IPV4).payload(550 - 28).udp(1, 2).build();
    byte[] tooLong = CLIENT.sends(REMOTE_IPV4).payload(551 - 28).udp(1, 2).build();
    ip(node, "route add %s dev underlay mtu lock 600".formatted(REMOTE_NODE_IPV4));
    try {
      Await.until("the width", () -> !isTunnelled(tooLong, sends(CLIENT, tooLong)));
      assertEquals(600 + Frame.ETHERNET, tunnelled(fits).length);
      assertByDevice(tooLong);
    } finally {
      ip(node, "route del %s dev underlay".formatted(REMOTE_NODE_IPV4));
    }
  }
}
