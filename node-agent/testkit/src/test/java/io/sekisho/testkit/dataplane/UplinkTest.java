package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.Codec;
import io.sekisho.testkit.Await;
import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves by another device than the underlay has the address of that device. */
class UplinkTest extends NetdevTestBase {
  private static final String FAR_IPV4 = "198.19.100.9";
  private static final String FAR_IPV6 = "2001:db8:77::9";
  private static final int TO_STACK = 3;
  private static final int TO_NETWORK = 11;
  private static final int SOURCE_IP = 132;
  private static final int DEFAULT_DENY = 133;
  private static final byte[] ROUTER_MAC = HexFormat.of().parseHex("02dd00000002");

  @BeforeEach
  void use() {
    node.useUplink(Dataplane.UPLINK_IPV4, Dataplane.UPLINK_IPV6);
  }

  @AfterEach
  void leave() {
    node.leaveUplink();
    node.releaseHost();
  }

  private static String uplink(String like) {
    return like.contains(":") ? Dataplane.UPLINK_IPV6 : Dataplane.UPLINK_IPV4;
  }

  private static PacketBuilder incomingThere(String source, String destination) {
    return PacketBuilder.packet(source, destination).macs(ROUTER_MAC, Dataplane.UPLINK_MAC);
  }

  private static byte[] query(String to) {
    return CLIENT.sends(to).payload(3).udp(40_000, 53).build();
  }

  /** The pod sends it out by the uplink; proved. */
  private Frame leavesThere(byte[] frame) {
    Outcome sent = sends(CLIENT, frame);
    assertEquals(Outcome.REDIRECT, sent.action(), sent::toString);
    assertEquals(Dataplane.MARK_MASQUERADE, sent.mark());
    Outcome out = node.toUplink(sent.mark(), sent.packet());
    assertEquals(0, out.dropReason(), out::toString);
    assertEquals(Dataplane.MARK_MASQUERADED, out.mark());
    Frame left = sound(out);
    assertEquals(text(uplink(left.source())), left.source());
    return left;
  }

  private Outcome arrivesThere(byte[] frame) {
    return counted(node.fromUplink(frame));
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void tcp_thereAndBack_hasTheUplinksAddress(String far) {
    Frame left = leavesThere(CLIENT.sends(far).tcp(40_000, 443, Tcp.SYN).build());
    assertTrue(left.sourcePort() >= FIRST_PORT);
    byte[] answer =
        incomingThere(far, uplink(far)).tcp(443, left.sourcePort(), Tcp.SYN | Tcp.ACK).build();
    Frame got = delivered(arrivesThere(answer), CLIENT);
    assertEquals(40_000, got.destinationPort());
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void echo_thereAndBack_isTranslated(String far) {
    Frame left = leavesThere(CLIENT.sends(far).payload(56).echo(7).build());
    byte[] answer = incomingThere(far, uplink(far)).payload(56).echoReply(left.echoId()).build();
    assertEquals(7, delivered(arrivesThere(answer), CLIENT).echoId());
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void answer_thatComesByTheUnderlay_findsThePod(String far) {
    Frame left = leavesThere(query(far));
    byte[] answer = incoming(far, uplink(far)).udp(53, left.sourcePort()).build();
    delivered(arrives(answer), CLIENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void error_fromARouterThere_findsThePod(String far) {
    boolean ipv6 = far.contains(":");
    Frame left = leavesThere(query(far));
    byte[] error =
        incomingThere(ipv6 ? "fd19::fe" : "198.19.0.254", uplink(far))
            .payload(left.quotation(8))
            .icmp(ipv6 ? 1 : 3, ipv6 ? 4 : 3, 0)
            .build();
    Frame got = delivered(arrivesThere(error), CLIENT);
    assertEquals(text(CLIENT.address(ipv6)), got.quoted().source());
    assertEquals(40_000, got.quoted().sourcePort());
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void error_ofThePod_hasTheAddressOfItsMapping_whereverItLeaves(String far) {
    boolean ipv6 = far.contains(":");
    Frame left = leavesThere(query(far));
    byte[] answer = incomingThere(far, uplink(far)).udp(53, left.sourcePort()).build();
    Frame got = delivered(arrivesThere(answer), CLIENT);
    byte[] error =
        CLIENT.sends(far).payload(got.quotation(8)).icmp(ipv6 ? 1 : 3, ipv6 ? 4 : 3, 0).build();
    leavesThere(error);
    Outcome byUnderlay = leaves(Dataplane.MARK_MASQUERADE, error);
    assertEquals(text(uplink(far)), sound(byUnderlay).source());
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void samePod_byBothDevices_hasEachOnesAddress(String far) {
    String world = far.contains(":") ? WORLD_IPV6 : WORLD_IPV4;
    masqueraded(masquerades(CLIENT, query(world)));
    leavesThere(query(far));
    masqueraded(masquerades(CLIENT, query(world)));
    assertEquals(4, node.mappings().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void connection_thatChangesItsDevice_getsTheOtherAddress(String far) {
    leavesThere(query(far));
    Frame moved = masqueraded(leaves(Dataplane.MARK_MASQUERADE, query(far)));
    byte[] answer = incoming(far, own(far)).udp(53, moved.sourcePort()).build();
    delivered(arrives(answer), CLIENT);
    assertEquals(1, halves(true).size());
  }

  @ParameterizedTest
  @CsvSource({"'', fd19::1, 198.19.100.9", "198.19.0.1, '', 2001:db8:77::9"})
  void familyWithoutAddressThere_doesNotGetOut(String ipv4, String ipv6, String far) {
    node.useUplink(ipv4, ipv6);
    Outcome sent = sends(CLIENT, query(far));
    assertDropped(NO_MAPPING, counted(node.toUplink(sent.mark(), sent.packet())));
  }

  @Test
  void underlayWithoutAddress_theUplinkHasOne() {
    try (var other = new Dataplane(NodeSettings.USUAL.masquerade("", Dataplane.NODE_IPV6))) {
      other.wire(CLIENT);
      other.useUplink(Dataplane.UPLINK_IPV4, Dataplane.UPLINK_IPV6);
      Outcome sent = other.fromEndpoint(CLIENT, query(FAR_IPV4));
      Outcome out = other.toUplink(sent.mark(), sent.packet());
      assertEquals(Dataplane.UPLINK_IPV4, sound(out).source());
      Outcome lost = other.toNetdev(sent.mark(), query(WORLD_IPV4));
      assertDropped(NO_MAPPING, lost);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void deviceThatIsNone_isTheStacksAffair(String far) {
    node.leaveUplink();
    Outcome sent = sends(CLIENT, query(far));
    assertEquals(Outcome.OK, sent.action());
    assertEquals(TO_STACK, sent.event(DatapathEvent.TRACE).subtype());
    byte[] answer = incomingThere(far, uplink(far)).udp(53, FIRST_PORT).build();
    Outcome own = node.fromUplink(answer);
    assertEquals(Outcome.OK, own.action());
    assertArrayEquals(answer, own.packet());
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void wayThere_isRemembered(String far) {
    node.maps().get("route_ports").as(Codec.u32(), Codec.u32()).put(0, 1);
    neighbours("replace", " lladdr 02:dd:00:00:00:02 nud permanent");
    try {
      Await.until(
          "the MAC",
          () -> {
            Outcome sent = sends(CLIENT, query(far));
            assertEquals(Outcome.REDIRECT, sent.action());
            Frame frame = Frame.of(sent.packet());
            boolean known = HexFormat.of().formatHex(frame.destinationMac()).equals("02dd00000002");
            if (known) {
              assertArrayEquals(Dataplane.UPLINK_MAC, frame.sourceMac());
              assertEquals(63, frame.hopLimit());
            }
            return known;
          });
    } finally {
      neighbours("del", "");
      node.maps().get("route_ports").as(Codec.u32(), Codec.u32()).put(0, 0);
    }
  }

  private static void neighbours(String verb, String rest) {
    node.onNode(
        () -> {
          for (String router : List.of("198.19.0.254", "fd19::fe")) {
            TestNetwork.ip("neigh " + verb + " " + router + " dev uplink" + rest);
          }
          return verb;
        });
  }

  @Test
  void event_isToldAsSentToTheNetwork() {
    Outcome sent = sends(CLIENT, query(FAR_IPV4));
    assertEquals(TO_NETWORK, sent.event(DatapathEvent.TRACE).subtype());
  }

  @ParameterizedTest
  @CsvSource({
    "198.19.0.1, 10.244.1.12", // the node's own, there and on the underlay
    "198.18.0.1, 10.244.1.12",
    "fd19::1, fd00:10:244:1::12",
    "fd18::1, fd00:10:244:1::12",
    "10.244.1.11, 10.244.1.12", // a pod of the node
    "10.244.2.13, 10.244.1.12", // behind a tunnel
    "127.0.0.1, 10.244.1.12"
  })
  void impossibleSender_isDroppedOnBothDevices(String source, String pod) {
    assertDropped(SOURCE_IP, arrivesThere(incomingThere(source, pod).udp(1, 2).build()));
    assertDropped(SOURCE_IP, arrives(incoming(source, pod).udp(1, 2).build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void impossibleSender_ofAnAnswer_isDropped(String far) {
    Frame left = leavesThere(query(far));
    node.locate(new Location(far, far.contains(":") ? 128 : 32, REMOTE_IDENTITY, "198.18.0.2"));
    try {
      byte[] answer = incomingThere(far, uplink(far)).udp(53, left.sourcePort()).build();
      assertDropped(SOURCE_IP, arrivesThere(answer));
    } finally {
      node.locate(new Location(far, far.contains(":") ? 128 : 32, 2, ""));
    }
  }

  @Test
  void marked_withAnOwnAddressAlready_leavesUntouched() {
    for (String own : List.of(Dataplane.UPLINK_IPV4, Dataplane.NODE_IPV4)) {
      byte[] packet = PacketBuilder.packet(own, FAR_IPV4).udp(50_000, 53).build();
      assertArrayEquals(packet, node.toUplink(Dataplane.MARK_MASQUERADE, packet).packet());
    }
    assertTrue(node.mappings().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void policyOfTheNode_countsThereToo(String far) {
    int both = Pod.ENFORCE_INGRESS | Pod.ENFORCE_EGRESS;
    node.enforceHost(both, 1, List.of(PolicyRow.ingress(2, 4711).port(Protocol.TCP, 443)));
    String own = uplink(far);
    assertDropped(
        DEFAULT_DENY, arrivesThere(incomingThere(far, own).tcp(50_000, 80, Tcp.SYN).build()));
    assertPasses(arrivesThere(incomingThere(far, own).tcp(50_000, 443, Tcp.SYN).build()));
    byte[] answer = incomingThere(own, far).tcp(443, 50_000, Tcp.SYN | Tcp.ACK).build();
    assertPasses(counted(node.toUplink(0, answer)));
    byte[] opened = incomingThere(own, far).tcp(40_000, 80, Tcp.SYN).build();
    assertDropped(DEFAULT_DENY, counted(node.toUplink(0, opened)));
  }

  @ParameterizedTest
  @ValueSource(strings = {FAR_IPV4, FAR_IPV6})
  void policyOfTheNode_leavesMasqueradedOnesAlone(String far) {
    node.enforceHost(Pod.ENFORCE_INGRESS | Pod.ENFORCE_EGRESS, 1, List.of());
    Frame left = leavesThere(query(far));
    byte[] answer = incomingThere(far, uplink(far)).udp(53, left.sourcePort()).build();
    delivered(arrivesThere(answer), CLIENT);
  }
}
