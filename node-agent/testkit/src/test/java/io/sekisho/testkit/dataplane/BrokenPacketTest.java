package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Fragments;
import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Truncated, contradictory and random packets: a typed reason, never a connection. */
class BrokenPacketTest extends DataplaneTestBase {
  private static final int INVALID = 134;
  private static final int INVALID_L4 = 135;
  private static final int MISSING_ACK = 136;
  private static final int UNKNOWN_L4 = 137;
  private static final int EXTENSION = 156;
  private static final int NOT_FOUND = 175;
  private static final int IP = Frame.ETHERNET;

  private static final Set<Integer> ACTIONS = Set.of(Outcome.OK, Outcome.SHOT, Outcome.REDIRECT);

  /** One right packet of each kind, by destination. */
  private static List<byte[]> kinds() {
    byte[] quoted = CLIENT.gets(SERVER.ipv4()).udp(1, 2).build();
    return List.of(
        CLIENT.sends(SERVER.ipv4()).payload(11).build(),
        CLIENT.sends(SERVER.ipv4()).payload(11).udp(1, 2).build(),
        CLIENT.sends(SERVER.ipv4()).tcp(1, 2, Tcp.SYN).build(),
        CLIENT.sends(SERVER.ipv4()).options(new byte[12]).tcp(1, 2, Tcp.SYN).build(),
        CLIENT.sends(SERVER.ipv4()).sctp(1, 2).build(),
        CLIENT.sends(SERVER.ipv4()).echo(1).build(),
        CLIENT.sends(SERVER.ipv4()).unreachable(quoted).build(),
        CLIENT.sends(SERVER.ipv6()).payload(5).udp(1, 2).build(),
        CLIENT.sends(SERVER.ipv6()).tcp(1, 2, Tcp.SYN).build(),
        CLIENT.sends(SERVER.ipv6()).echo(1).build(),
        CLIENT
            .sends(SERVER.ipv6())
            .extension(Protocol.HOP_BY_HOP, new byte[6])
            .extension(Protocol.ROUTING, new byte[6])
            .extension(Protocol.DESTINATION_OPTIONS, new byte[30])
            .fragment(0, false)
            .tcp(1, 2, Tcp.SYN)
            .build());
  }

  /** Fragments of right packets, first ones and later ones. */
  private static List<byte[]> fragments() {
    return List.of(SERVER.ipv4(), SERVER.ipv6()).stream()
        .flatMap(
            to ->
                Stream.of(
                    CLIENT.sends(to).payload(50).udp(1, 2).build(),
                    CLIENT.sends(to).payload(50).tcp(1, 2, Tcp.ACK).build(),
                    CLIENT.sends(to).payload(50).sctp(1, 2).build(),
                    CLIENT.sends(to).payload(50).echo(1).build()))
        .flatMap(whole -> Fragments.cut(whole, 7, 24, 8).stream())
        .toList();
  }

  /** A test run takes no frame that is shorter than the IP header which its type promises. */
  private static int shortest(byte[] packet) {
    return IP + (packet[IP] >> 4 == 6 ? 40 : 20);
  }

  private void assertRefused(int reason, byte[] packet) {
    assertDropped(reason, sends(CLIENT, packet));
    assertTrue(node.connections().isEmpty());
  }

  @Test
  void truncated_atEveryLength_isDroppedEverywhere() {
    for (byte[] whole : kinds()) {
      for (int length = shortest(whole); length < whole.length; length++) {
        byte[] packet = Arrays.copyOf(whole, length);
        Function<Outcome, Boolean> typed =
            outcome ->
                outcome.action() == Outcome.SHOT
                    && Set.of(INVALID, INVALID_L4, EXTENSION).contains(outcome.dropReason());
        int cut = length;
        Outcome sent = sends(CLIENT, packet);
        assertTrue(typed.apply(sent), () -> cut + " of " + whole.length + ": " + sent);
        assertTrue(typed.apply(gets(SERVER, packet)));
        assertTrue(typed.apply(tunnelled(REMOTE_IDENTITY, packet)));
      }
    }
    assertTrue(node.connections().isEmpty());
  }

  @Test
  void fragment_truncatedAtEveryLength_isDroppedEverywhere() {
    Set<Integer> reasons = Set.of(INVALID, INVALID_L4, EXTENSION, NOT_FOUND);
    for (byte[] whole : fragments()) {
      for (int length = shortest(whole); length < whole.length; length++) {
        byte[] packet = Arrays.copyOf(whole, length);
        for (Outcome outcome :
            List.of(
                sends(CLIENT, packet),
                gets(SERVER, packet),
                tunnelled(REMOTE_IDENTITY, packet),
                counted(node.podToOverlay(CLIENT, packet)))) {
          assertEquals(Outcome.SHOT, outcome.action());
          assertTrue(reasons.contains(outcome.dropReason()), outcome::toString);
        }
      }
    }
    assertTrue(node.connections().isEmpty());
  }

  @Test
  void fragments_withRandomChanges_areTyped() {
    Random random = new Random(43);
    List<byte[]> kinds = fragments();
    for (int i = 0; i < 2000; i++) {
      byte[] packet = kinds.get(random.nextInt(kinds.size())).clone();
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        packet[IP + random.nextInt(packet.length - IP)] = (byte) random.nextInt();
      }
      assertTyped(Arrays.copyOf(packet, packet.length - random.nextInt(2)));
    }
  }

  @Test
  void whole_isNotBroken() {
    for (byte[] whole : kinds().subList(1, kinds().size())) {
      assertPasses(sends(CLIENT, whole));
    }
  }

  @Test
  void padding_afterThePacket_isNotCounted() {
    byte[] whole = CLIENT.sends(SERVER.ipv4()).tcp(1, 2, Tcp.SYN).build();
    Outcome outcome = sends(CLIENT, Arrays.copyOf(whole, 60));
    assertPasses(outcome);
    assertEquals(40, outcome.event(DatapathEvent.TRACE).bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x55", // version 5
    "0, 0x65", // version 6 in an IPv4 frame
    "0, 0x44", // header of 16 bytes
    "0, 0x40", "0, 0x4f", // header longer than the packet
    "3, 19", // total length shorter than the header
    "3, 41", // total length longer than the frame
    "2, 0xff"
  })
  void ipv4Header_contradictory_isDropped(int offset, String value) {
    byte[] right = CLIENT.sends(SERVER.ipv4()).tcp(1, 2, Tcp.SYN).build();
    assertRefused(INVALID, Frame.with(right, IP + offset, Integer.decode(value)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0x40", "0, 0x70", "5, 21", "4, 1"})
  void ipv6Header_contradictory_isDropped(int offset, String value) {
    byte[] right = CLIENT.sends(SERVER.ipv6()).tcp(1, 2, Tcp.SYN).build();
    assertRefused(INVALID, Frame.with(right, IP + offset, Integer.decode(value)));
  }

  @Test
  void ipv6_toNoAddress_isDropped() {
    assertRefused(INVALID, CLIENT.sends("::").tcp(1, 2, Tcp.SYN).build());
  }

  @Test
  void ipv6_withIpv4MappedAddress_isNotTakenForIpv4() {
    byte[] packet = CLIENT.sends(SERVER.ipv6()).tcp(1, 2, Tcp.SYN).build();
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, (byte) 244, 1, 12};
    System.arraycopy(mapped, 0, packet, IP + 24, 16);
    assertRefused(INVALID, packet);
  }

  @ParameterizedTest
  @CsvSource({"0x40", "0x00", "0x60", "0xf0"})
  void tcpDataOffset_wrong_isDropped(String value) {
    byte[] right = CLIENT.sends(SERVER.ipv4()).tcp(1, 2, Tcp.SYN).build();
    assertRefused(INVALID_L4, Frame.with(right, IP + 20 + 12, Integer.decode(value)));
  }

  @ParameterizedTest
  @CsvSource({"0, 136", "1, 136", "8, 136", "3, 135", "6, 135", "0x3f, 135"})
  void tcpFlags_thatNobodySends_areDropped(String flags, int reason) {
    assertTrue(reason == MISSING_ACK || reason == INVALID_L4);
    assertRefused(reason, CLIENT.sends(SERVER.ipv4()).tcp(1, 2, Integer.decode(flags)).build());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 20})
  void udpLength_wrong_isDropped(int length) {
    byte[] right = CLIENT.sends(SERVER.ipv4()).payload(11).udp(1, 2).build();
    assertRefused(INVALID_L4, Frame.with(right, IP + 20 + 5, length));
  }

  @ParameterizedTest
  @CsvSource({"10.244.1.12, 2", "10.244.1.12, 47", "10.244.1.12, 58", "fd00:10:244:1::12, 1"})
  void protocol_unknown_isDropped(String destination, int protocol) {
    assertRefused(UNKNOWN_L4, CLIENT.sends(destination).payload(40).protocol(protocol).build());
  }

  @Test
  void ipv6_onlyFragment_passes() {
    assertPasses(sends(CLIENT, CLIENT.sends(SERVER.ipv6()).fragment(0, false).udp(1, 2).build()));
  }

  @ParameterizedTest
  @CsvSource({"5, 0", "6, 156", "7, 156"})
  void ipv6_chainOfExtensions_isBounded(int headers, int reason) {
    var packet = CLIENT.sends(SERVER.ipv6());
    for (int i = 0; i < headers; i++) {
      packet.extension(Protocol.DESTINATION_OPTIONS, new byte[6]);
    }
    assertEquals(reason, sends(CLIENT, packet.tcp(1, 2, Tcp.SYN).build()).dropReason());
  }

  @Test
  void ipv6_routeNotFinished_isDropped() {
    assertRefused(
        EXTENSION,
        CLIENT
            .sends(SERVER.ipv6())
            .extension(Protocol.ROUTING, new byte[] {0, 1, 0, 0, 0, 0})
            .tcp(1, 2, Tcp.SYN)
            .build());
  }

  @Test
  void ipv6_extensionLongerThanThePacket_isDropped() {
    byte[] right =
        CLIENT
            .sends(SERVER.ipv6())
            .extension(Protocol.DESTINATION_OPTIONS, new byte[6])
            .tcp(1, 2, Tcp.SYN)
            .build();
    assertRefused(EXTENSION, Frame.with(right, IP + 41, 200));
  }

  /** Whatever the bytes: a known action, one count, and a drop is told. */
  private void assertTyped(byte[] packet) {
    for (Outcome outcome :
        List.of(
            sends(CLIENT, packet),
            gets(SERVER, packet),
            tunnelled(REMOTE_IDENTITY, packet),
            counted(node.podToOverlay(CLIENT, packet)))) {
      assertTrue(ACTIONS.contains(outcome.action()), outcome::toString);
      assertTrue(
          outcome.action() == Outcome.SHOT || outcome.dropReason() == 0 || stackAnswers(outcome),
          outcome::toString);
    }
  }

  private static boolean stackAnswers(Outcome outcome) {
    return outcome.action() == Outcome.OK && Set.of(169, 196).contains(outcome.dropReason());
  }

  @ParameterizedTest
  @ValueSource(ints = {Protocol.ETHERTYPE_IPV4, Protocol.ETHERTYPE_IPV6})
  void random_content_isTyped(int ethertype) {
    Random random = new Random(ethertype);
    for (int i = 0; i < 500; i++) {
      byte[] content = new byte[40 + random.nextInt(160)];
      random.nextBytes(content);
      assertTyped(PacketBuilder.ethernet(CLIENT.podMac(), CLIENT.hostMac(), ethertype, content));
    }
  }

  @Test
  void random_changesOfRightPackets_areTyped() {
    Random random = new Random(42);
    List<byte[]> kinds = kinds();
    for (int i = 0; i < 2000; i++) {
      byte[] packet = kinds.get(random.nextInt(kinds.size())).clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        packet[IP + random.nextInt(packet.length - IP)] = (byte) random.nextInt();
      }
      assertTyped(Arrays.copyOf(packet, packet.length - random.nextInt(2)));
    }
  }
}
