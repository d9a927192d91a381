package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pods behind a node that is met over IPv6, on a way that carries less than the overlay's device: a
 * route of a smaller MTU, as the agent makes it, leads to them.
 */
class NarrowWayTest extends DataplaneTestBase {
  private static final int LEFT = 1330;
  private static final int TO_STACK = 3;
  private static final int TO_OVERLAY = 4;
  private static final String FAR_IPV4 = "10.244.3.14";
  private static final String NARROWEST_IPV4 = "10.244.4.15";
  private static final String FAR_IPV6 = "fd00:10:244:3::14";

  @BeforeEach
  void narrow() {
    for (String range : new String[] {"10.244.3.0/24", "fd00:10:244:3::/64"}) {
      ip("route add %s dev overlay mtu lock %d".formatted(range, LEFT));
    }
    for (String range : new String[] {"10.244.2.0/24", "fd00:10:244:2::/64"}) {
      ip("route add %s dev overlay mtu 1430".formatted(range));
    }
    ip("route add 10.244.4.0/24 dev overlay mtu lock 1230");
    node.locate(new Location(NARROWEST_IPV4, 32, REMOTE_IDENTITY, REMOTE_NODE_IPV6));
    node.locate(new Location(FAR_IPV4, 32, REMOTE_IDENTITY, REMOTE_NODE_IPV6));
    node.locate(new Location(FAR_IPV6, 128, REMOTE_IDENTITY, REMOTE_NODE_IPV6));
  }

  @AfterEach
  void widen() {
    ip("route del 10.244.4.0/24");
    for (int number = 2; number <= 3; number++) {
      ip("route del 10.244.%d.0/24".formatted(number));
      ip("route del fd00:10:244:%d::/64".formatted(number));
    }
  }

  private static void ip(String command) {
    node.onNode(
        () -> {
          TestNetwork.ip(command);
          return command;
        });
  }

  @ParameterizedTest
  @CsvSource({
    FAR_IPV4 + ", 1330, " + TO_OVERLAY,
    FAR_IPV6 + ", 1330, " + TO_OVERLAY,
    FAR_IPV4 + ", 1331, " + TO_STACK,
    FAR_IPV6 + ", 1331, " + TO_STACK,
    NARROWEST_IPV4 + ", 1230, " + TO_OVERLAY,
    NARROWEST_IPV4 + ", 1231, " + TO_STACK,
    REMOTE_IPV4 + ", 1430, " + TO_OVERLAY, // met over IPv4: who is on the way cuts
    REMOTE_IPV6 + ", 1430, " + TO_OVERLAY,
  })
  void longPacket_goesToTheStackWhereTheWayIsNarrow(String to, int length, int point) {
    int headers = to.contains(":") ? 48 : 28;
    byte[] packet = CLIENT.sends(to).payload(length - headers).udp(40_000, 9).build();
    assertEquals(length + 14, packet.length);
    Outcome outcome = sends(CLIENT, packet);
    assertPasses(outcome);
    assertEquals(point, outcome.event(DatapathEvent.TRACE).subtype());
    assertEquals(point == TO_STACK ? Outcome.OK : Outcome.REDIRECT, outcome.action());
  }
}
