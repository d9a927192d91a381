package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nodes that are met over IPv6, and pods behind them, on ways that carry less than the overlay's
 * device: a route of a smaller MTU, as the agent makes it, leads to the pods, or only the kernel
 * knows of it, by its route to the node.
 */
class NarrowWayTest extends DataplaneTestBase {
  private static final int LEFT = 1330;
  private static final int OUTER = 70;
  private static final int QUOTE = 512;
  private static final int FRAGMENTATION = 157;
  private static final int TO_STACK = 3;
  private static final int TO_OVERLAY = 4;
  private static final String FAR_IPV4 = "10.244.3.14";
  private static final String NARROWEST_IPV4 = "10.244.4.15";
  private static final String FAR_IPV6 = "fd00:10:244:3::14";
  private static final String BEHIND_IPV6 = "fd18::3";
  private static final String BEHIND_IPV4 = "198.18.0.3";
  private static final String BEHIND_POD_IPV4 = "10.244.5.16";
  private static final String BEHIND_POD_IPV6 = "fd00:10:244:5::16";
  private static final String NARROWEST_POD_IPV6 = "fd00:10:244:6::17";
  private static final String NARROWEST_IPV6 = "fd18::4";

  @BeforeEach
  void narrow() {
    for (String range : new String[] {"10.244.3.0/24", "fd00:10:244:3::/64"}) {
      ip("route add %s dev overlay mtu lock %d".formatted(range, LEFT));
    }
    for (String range : new String[] {"10.244.2.0/24", "fd00:10:244:2::/64"}) {
      ip("route add %s dev overlay mtu 1430".formatted(range));
    }
    ip("route add 10.244.4.0/24 dev overlay mtu lock 1230");
    ip("route add %s/128 dev underlay mtu lock %d".formatted(BEHIND_IPV6, LEFT + OUTER));
    ip("route add %s/128 dev underlay mtu lock 1300".formatted(NARROWEST_IPV6));
    for (String address : new String[] {BEHIND_IPV6, NARROWEST_IPV6}) {
      node.locate(new Location(address, 128, REMOTE_NODE, address));
    }
    node.locate(new Location(BEHIND_IPV4, 32, REMOTE_NODE, BEHIND_IPV6));
    node.locate(new Location(BEHIND_POD_IPV4, 32, REMOTE_IDENTITY, BEHIND_IPV6));
    node.locate(new Location(BEHIND_POD_IPV6, 128, REMOTE_IDENTITY, BEHIND_IPV6));
    node.locate(new Location(NARROWEST_IPV4, 32, REMOTE_IDENTITY, REMOTE_NODE_IPV6));
    node.locate(new Location(NARROWEST_POD_IPV6, 128, REMOTE_IDENTITY, NARROWEST_IPV6));
    node.locate(new Location(FAR_IPV4, 32, REMOTE_IDENTITY, REMOTE_NODE_IPV6));
    node.locate(new Location(FAR_IPV6, 128, REMOTE_IDENTITY, REMOTE_NODE_IPV6));
  }

  @AfterEach
  void widen() {
    ip("route del 10.244.4.0/24");
    ip("route del %s/128".formatted(BEHIND_IPV6));
    ip("route del %s/128".formatted(NARROWEST_IPV6));
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

  private static byte[] packet(String to, int length) {
    int headers = to.contains(":") ? 48 : 28;
    byte[] content = new byte[length - headers];
    new Random(length).nextBytes(content);
    return CLIENT.sends(to).payload(content).udp(40_000, 9).dontFragment().build();
  }

  private static byte[] packetThatMayBeCut(String to, int length) {
    return CLIENT.sends(to).payload(length - 28).udp(40_000, 9).build();
  }

  @ParameterizedTest
  @CsvSource({
    BEHIND_IPV6 + ", 1330",
    BEHIND_POD_IPV6 + ", 1330",
    BEHIND_IPV4 + ", 1330",
    BEHIND_POD_IPV4 + ", 1330",
    NARROWEST_IPV6 + ", 1230",
    REMOTE_NODE_IPV6 + ", 1430", // met over IPv4
  })
  void packetToNode_getsThrough_goesIntoTheOverlay(String to, int length) {
    Outcome outcome = sends(CLIENT, packet(to, length));
    assertPasses(outcome);
    assertEquals(TO_OVERLAY, outcome.event(DatapathEvent.TRACE).subtype());
  }

  @ParameterizedTest
  @CsvSource({
    BEHIND_IPV6 + ", 1331, 1330",
    BEHIND_IPV6 + ", 1430, 1330",
    BEHIND_POD_IPV6 + ", 1331, 1330",
    NARROWEST_IPV6 + ", 1281, 1280",
  })
  void packetOnlyTheKernelKnowsTheWayOf_isTooBig_thePodIsTold(String to, int length, int mtu) {
    byte[] packet = packet(to, length);
    Outcome outcome = sends(CLIENT, packet);
    assertPasses(outcome);
    assertEquals(Outcome.REDIRECT, outcome.action());
    assertEquals(TO_STACK, outcome.event(DatapathEvent.TRACE).subtype());

    Frame told = Frame.of(outcome.packet());
    Frame sent = Frame.of(packet);
    assertArrayEquals(sent.sourceMac(), told.destinationMac());
    assertArrayEquals(sent.destinationMac(), told.sourceMac());
    assertEquals(sent.source(), told.destination());
    assertEquals("fe80:0:0:0:0:0:0:1", told.source());
    assertEquals(58, told.protocol());
    assertEquals(40 + 8 + QUOTE, told.length());
    ByteBuffer message = ByteBuffer.wrap(outcome.packet());
    assertEquals(QUOTE + 8, message.getShort(Frame.ETHERNET + 4));
    assertEquals(2 << 8, message.getShort(told.transport()), "type and code");
    assertEquals(mtu, message.getInt(told.transport() + 4));
    assertTrue(told.transportChecksumRight());
    assertArrayEquals(
        Arrays.copyOf(packet, Frame.ETHERNET + QUOTE), withMacsOf(packet, told.quoted().bytes()));
  }

  @ParameterizedTest
  @CsvSource({BEHIND_IPV4 + ", 1331", BEHIND_IPV4 + ", 1430", BEHIND_POD_IPV4 + ", 1331"})
  void ipv4PacketThatMustStayWhole_isTooBig_thePodIsTold(String to, int length) {
    byte[] packet = packet(to, length);
    Outcome outcome = sends(CLIENT, packet);
    assertPasses(outcome);
    assertEquals(Outcome.REDIRECT, outcome.action());
    assertEquals(TO_STACK, outcome.event(DatapathEvent.TRACE).subtype());

    Frame told = Frame.of(outcome.packet());
    Frame sent = Frame.of(packet);
    assertArrayEquals(sent.sourceMac(), told.destinationMac());
    assertArrayEquals(sent.destinationMac(), told.sourceMac());
    assertEquals(sent.source(), told.destination());
    assertEquals(Dataplane.GATEWAY_IPV4, told.source());
    assertEquals(1, told.protocol());
    assertEquals(20 + 8 + QUOTE, told.length());
    ByteBuffer message = ByteBuffer.wrap(outcome.packet());
    assertEquals(told.length(), message.getShort(Frame.ETHERNET + 2));
    assertEquals(3 << 8 | 4, message.getShort(told.transport()), "type and code");
    assertEquals(LEFT, message.getInt(told.transport() + 4), "unused, MTU");
    assertTrue(told.headerChecksumRight());
    assertTrue(told.transportChecksumRight());
    assertArrayEquals(
        Arrays.copyOf(packet, Frame.ETHERNET + QUOTE), withMacsOf(packet, told.quoted().bytes()));
  }

  @ParameterizedTest
  @CsvSource({BEHIND_IPV4 + ", 1331", BEHIND_IPV4 + ", 1430", BEHIND_POD_IPV4 + ", 1331"})
  void ipv4PacketThatMayBeCut_isTooBig_nobodyCutsIt_dropped(String to, int length) {
    assertDropped(FRAGMENTATION, sends(CLIENT, packetThatMayBeCut(to, length)));
  }

  @ParameterizedTest
  @CsvSource({NARROWEST_IPV6 + ", 1231", NARROWEST_IPV6 + ", 1280"})
  void ipv6PacketThatNobodyMakesSmaller_isTooBig_dropped(String to, int length) {
    assertDropped(FRAGMENTATION, sends(CLIENT, packet(to, length)));
  }

  @ParameterizedTest
  @CsvSource({
    "1230, 0",
    "1231, " + FRAGMENTATION,
    "1280, " + FRAGMENTATION,
    "1281, 0", // the device tells the stack
  })
  void nodesOwnPacketToPod_isLostOnTheWay_droppedWhereNobodyIsTold(int length, int reason) {
    byte[] packet =
        PacketBuilder.packet(Dataplane.NODE_IPV6, NARROWEST_POD_IPV6)
            .payload(length - 48)
            .udp(40_000, 9)
            .build();
    Outcome outcome = counted(node.hostToOverlay(packet));
    assertEquals(reason, outcome.dropReason(), outcome::toString);
  }

  private static byte[] withMacsOf(byte[] packet, byte[] frame) {
    System.arraycopy(packet, 0, frame, 0, 12);
    return frame;
  }
}
