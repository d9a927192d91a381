package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ICMP errors about masqueraded connections quote what their reader knows. */
class MasqueradeErrorTest extends NetdevTestBase {
  private static final String ROUTER_IPV4 = "198.51.100.1";
  private static final String ROUTER_IPV6 = "2001:db8:ff::1";
  private static final int WHOLE = Integer.MAX_VALUE;

  /** What pods send to the world: each protocol of both families, and how much of it is quoted. */
  static Stream<List<Object>> kinds() {
    return Stream.of(WORLD_IPV4, WORLD_IPV6)
        .flatMap(
            world ->
                Stream.of(8, 19, WHOLE)
                    .flatMap(
                        quoted ->
                            Stream.of(
                                List.of(CLIENT.sends(world).tcp(40_000, 443, Tcp.SYN), quoted),
                                List.of(CLIENT.sends(world).payload(21).udp(40_000, 53), quoted),
                                List.of(CLIENT.sends(world).payload(32).echo(7), quoted))));
  }

  private static String router(Frame frame) {
    return frame.source().contains(":") ? ROUTER_IPV6 : ROUTER_IPV4;
  }

  private static byte[] quotation(Frame frame, int quoted) {
    return frame.quotation(Math.min(quoted, frame.bytes().length - frame.transport()));
  }

  /** Packet too big, of the frame's family. */
  private static byte[] tooBig(PacketBuilder error, Frame about, int quoted) {
    boolean ipv6 = about.source().contains(":");
    return error.payload(quotation(about, quoted)).icmp(ipv6 ? 2 : 3, ipv6 ? 0 : 4, 0).build();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void error_fromARouter_quotesWhatThePodSent(List<Object> kind) {
    byte[] packet = ((PacketBuilder) kind.getFirst()).build();
    int quoted = (Integer) kind.getLast();
    Outcome sent = sends(CLIENT, packet);
    Frame left = masqueraded(leaves(sent.mark(), sent.packet()));
    byte[] error = tooBig(incoming(router(left), left.source()), left, quoted);
    Frame got = delivered(arrives(error), CLIENT);
    assertEquals(text(router(left)), got.source());
    byte[] quote = Arrays.copyOfRange(got.bytes(), got.transport() + 8, got.bytes().length);
    assertArrayEquals(quotation(Frame.of(sent.packet()), quoted), quote);
  }

  @Test
  void error_event_isAReplyForThePod() {
    Outcome sent = sends(CLIENT, CLIENT.sends(WORLD_IPV4).udp(40_000, 53).build());
    Frame left = masqueraded(leaves(sent.mark(), sent.packet()));
    Outcome arrived = arrives(tooBig(incoming(ROUTER_IPV4, left.source()), left, 8));
    delivered(arrived, CLIENT);
    assertTrue(node.connections().keySet().stream().allMatch(t -> t.protocol() == Protocol.UDP));
  }

  @Test
  void error_aboutAForgottenConnection_isDropped() {
    Outcome sent = sends(CLIENT, CLIENT.sends(WORLD_IPV4).udp(40_000, 53).build());
    Frame left = masqueraded(leaves(sent.mark(), sent.packet()));
    node.forgetConnections();
    byte[] error = tooBig(incoming(ROUTER_IPV4, left.source()), left, 8);
    assertDropped(NO_MAPPING, arrives(error));
  }

  @ParameterizedTest
  @ValueSource(strings = {ROUTER_IPV4, ROUTER_IPV6})
  void error_aboutTheNodesOwn_staysWithTheNode(String router) {
    boolean ipv6 = router.contains(":");
    String own = own(router);
    byte[] sent =
        PacketBuilder.packet(own, ipv6 ? WORLD_IPV6 : WORLD_IPV4).tcp(50_000, 443, 2).build();
    staysWithTheNode(tooBig(incoming(router, own), Frame.of(sent), 8));
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void error_cutAnywhere_staysWithTheNodeOrIsWhole(String world) {
    Outcome sent = sends(CLIENT, CLIENT.sends(world).payload(30).udp(40_000, 53).build());
    Frame left = masqueraded(leaves(sent.mark(), sent.packet()));
    Frame about = Frame.of(left.bytes());
    byte[] quote = quotation(about, 8);
    for (int length = 0; length < quote.length; length++) {
      byte[] cut = Arrays.copyOf(quote, length);
      boolean ipv6 = world.contains(":");
      staysWithTheNode(
          incoming(router(left), left.source())
              .payload(cut)
              .icmp(ipv6 ? 2 : 3, ipv6 ? 0 : 4, 0)
              .build());
    }
  }

  /** Answers as the outside sends them, by the port or id that the node chose. */
  private static byte[] answer(Frame left, int payload) {
    PacketBuilder packet = incoming(left.destination(), left.source()).payload(payload);
    return switch (left.protocol()) {
      case Protocol.TCP -> packet.tcp(443, left.sourcePort(), Tcp.SYN | Tcp.ACK).build();
      case Protocol.UDP -> packet.udp(53, left.sourcePort()).build();
      default -> packet.echoReply(left.echoId()).build();
    };
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void error_ofThePod_quotesWhatTheOutsideSent(List<Object> kind) {
    Frame left = masqueraded(masquerades(CLIENT, ((PacketBuilder) kind.getFirst()).build()));
    byte[] answer = answer(left, 17);
    Frame got = delivered(arrives(answer), CLIENT);
    int quoted = (Integer) kind.getLast();
    byte[] error = tooBig(CLIENT.sends(got.source()), got, quoted);
    Frame out = masqueraded(masquerades(CLIENT, error));
    assertEquals(left.destination(), out.destination());
    Frame quote = out.quoted();
    assertEquals(left.source(), quote.destination());
    assertTrue(quote.headerChecksumRight());
    Frame told = Frame.of(answer);
    int length = Math.min(quoted, answer.length - told.transport());
    assertArrayEquals(
        Arrays.copyOfRange(answer, told.transport(), told.transport() + length),
        Arrays.copyOfRange(quote.bytes(), quote.transport(), quote.bytes().length));
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void error_ofThePodToWhoCameFromOutside_isUnchanged(String world) {
    boolean ipv6 = world.contains(":");
    byte[] request = incoming(world, SERVER.address(ipv6)).udp(50_000, 80).build();
    Frame got = delivered(arrives(request), SERVER);
    byte[] error = tooBig(SERVER.sends(world), got, 8);
    Outcome sent = sends(SERVER, error);
    Outcome left = leaves(sent.mark(), sent.packet());
    assertPasses(left);
    assertArrayEquals(sent.packet(), left.packet());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void error_ofThePodAboutNothing_isDropped(String world) {
    byte[] quoted = CLIENT.gets(world).udp(53, 40_000).build();
    Outcome sent = sends(CLIENT, tooBig(CLIENT.sends(world), Frame.of(quoted), 8));
    assertPasses(sent);
    Outcome left = leaves(sent.mark(), sent.packet());
    assertDropped(UNSUPPORTED, left);
    assertEquals(CLIENT.id(), left.event(DatapathEvent.DROP).endpoint());
  }
}
