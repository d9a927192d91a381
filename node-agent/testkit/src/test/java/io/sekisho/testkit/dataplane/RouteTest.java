package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.Codec;
import io.sekisho.testkit.Await;
import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.Tcp;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is remembered of the kernel's routes: the packet that asks them goes by the neighbour's
 * address and keeps its MACs until the kernel sends it; those of the next milliseconds have them
 * from the program.
 */
class RouteTest extends DataplaneTestBase {
  private static final String MAC = "02ee00000001";
  private static final String OTHER_MAC = "02ee00000002";
  private static final String GATEWAY = HexFormat.of().formatHex(CLIENT.hostMac());
  private static final int REFUSED = 169;
  private static final int TRIES = 200;
  private static final String[] ROUTERS = {"198.18.0.254", "fd18::fe"};

  private int port;

  @BeforeEach
  void resolve() {
    port = 20_000;
    portsCount(node, false);
    neighbours(node, MAC);
  }

  @AfterEach
  void forgetNeighbours() {
    portsCount(node, true);
    neighbours(node, MAC); // one that failed may be gone already
    for (String router : ROUTERS) {
      ip(node, "neigh del %s dev underlay".formatted(router));
    }
  }

  private static void ip(Dataplane on, String command) {
    on.onNode(
        () -> {
          TestNetwork.ip(command);
          return command;
        });
  }

  /** Whether the kernel's routes are said to look at ports. */
  private static void portsCount(Dataplane on, boolean count) {
    on.maps().get("route_ports").as(Codec.u32(), Codec.u32()).put(0, count ? 0 : 1);
  }

  private static void neighbours(Dataplane on, String mac) {
    String text = mac.replaceAll("(..)(?=.)", "$1:");
    for (String router : ROUTERS) {
      ip(on, "neigh replace %s lladdr %s dev underlay nud permanent".formatted(router, text));
    }
  }

  /** To whom the first packet of another connection to the same address goes: a MAC. */
  private String to(String world) {
    Outcome outcome = sends(CLIENT, CLIENT.sends(world).tcp(port++, 80, Tcp.SYN).build());
    assertEquals(Outcome.REDIRECT, outcome.action());
    Frame frame = Frame.of(outcome.packet());
    assertEquals(63, frame.hopLimit());
    assertTrue(frame.headerChecksumRight());
    assertTrue(frame.transportChecksumRight());
    String mac = HexFormat.of().formatHex(frame.destinationMac());
    if (!mac.equals(GATEWAY)) {
      assertArrayEquals(Dataplane.UNDERLAY_MAC, frame.sourceMac());
    }
    return mac;
  }

  private void await(String mac, String world) {
    Await.until("packets to " + mac, () -> to(world).equals(mac));
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void connectionsToOneAddress_areAskedForOnce(String world) {
    await(MAC, world);
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void routesThatLookAtPorts_areAskedForEachConnection(String world) {
    await(MAC, world);
    portsCount(node, true);
    for (int i = 0; i < TRIES; i++) {
      assertEquals(GATEWAY, to(world));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void packetsOfOneConnection_areAskedForOnce_evenIfRoutesLookAtPorts(String world) {
    portsCount(node, true);
    Await.until(
        "the MAC",
        () -> {
          port = 30_000;
          return to(world).equals(MAC);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void anotherMac_isFollowed(String world) {
    await(MAC, world);
    neighbours(node, OTHER_MAC);
    await(OTHER_MAC, world);
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void anotherRoute_isFollowed(String world) {
    await(MAC, world);
    ip(node, "route add unreachable " + world);
    try {
      Await.until(
          "the refusal",
          () -> {
            byte[] packet = CLIENT.sends(world).tcp(port++, 80, Tcp.SYN).build();
            return sends(CLIENT, packet).dropReason() == REFUSED;
          });
    } finally {
      ip(node, "route del unreachable " + world);
    }
  }

  @Test
  void neighbourThatIsNotResolved_isTheKernelsAffair() {
    for (String router : ROUTERS) {
      ip(node, "neigh replace %s dev underlay nud failed".formatted(router));
    }
    for (int i = 0; i < TRIES; i++) {
      assertEquals(GATEWAY, to(WORLD_IPV4));
      assertEquals(GATEWAY, to(WORLD_IPV6));
    }
  }

  @Test
  void underlayWithoutEthernet_isTheKernelsAffair() {
    try (var other = new Dataplane(NodeSettings.USUAL.without(NodeSettings.Flag.ETHERNET))) {
      other.wire(CLIENT);
      portsCount(other, false);
      neighbours(other, MAC);
      byte[] packet = CLIENT.sends(WORLD_IPV4).tcp(1, 80, Tcp.SYN).build();
      for (int i = 0; i < TRIES; i++) {
        Frame frame = Frame.of(other.fromEndpoint(CLIENT, packet).packet());
        assertArrayEquals(CLIENT.hostMac(), frame.destinationMac());
      }
    }
  }
}
