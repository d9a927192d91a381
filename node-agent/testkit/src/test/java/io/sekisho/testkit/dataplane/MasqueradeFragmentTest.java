package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Fragments;
import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pieces of a packet are masqueraded as it would have been. */
class MasqueradeFragmentTest extends NetdevTestBase {
  private static final int NOT_FOUND = 175;
  private static final int PAYLOAD = 3000;
  private static final int ID = 4711;

  private static byte[] payload() {
    byte[] bytes = new byte[PAYLOAD];
    new Random(ID).nextBytes(bytes);
    return bytes;
  }

  private static PacketBuilder question(String world) {
    return CLIENT.sends(world).payload(payload());
  }

  private static List<byte[]> pieces(byte[] frame) {
    return Fragments.cut(frame, ID, 1400, 1400);
  }

  private static int content(Frame fragment) {
    return fragment.transport() + (fragment.source().contains(":") ? 8 : 0);
  }

  /** The packet that the fragments, in order, are of: as the transport of an unfragmented frame. */
  private static Frame joined(List<Frame> fragments) {
    Frame first = fragments.getFirst();
    boolean ipv6 = first.source().contains(":");
    var all = new ByteArrayOutputStream();
    all.writeBytes(Arrays.copyOf(first.bytes(), first.transport()));
    for (Frame fragment : fragments) {
      byte[] bytes = fragment.bytes();
      all.writeBytes(Arrays.copyOfRange(bytes, content(fragment), bytes.length));
    }
    ByteBuffer whole = ByteBuffer.wrap(all.toByteArray());
    if (ipv6) {
      whole.put(Frame.ETHERNET + 6, first.bytes()[first.transport()]);
    } else {
      whole.putShort(Frame.ETHERNET + 6, (short) 0);
    }
    return Frame.of(whole.array());
  }

  private List<Frame> leaving(List<byte[]> fragments) {
    return fragments.stream().map(f -> fragment(masquerades(CLIENT, f))).toList();
  }

  private static Frame fragment(Outcome outcome) {
    assertPasses(outcome);
    Frame frame = Frame.of(outcome.packet());
    assertTrue(frame.headerChecksumRight());
    return frame;
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void udp_inPieces_isMasqueradedAsAWhole(String world) {
    List<Frame> left = leaving(pieces(question(world).udp(40_000, 53).build()));
    left.forEach(frame -> assertEquals(text(own(world)), frame.source()));
    Frame whole = joined(left);
    assertTrue(whole.transportChecksumRight());
    assertEquals(53, whole.destinationPort());
    assertTrue(whole.sourcePort() >= FIRST_PORT);
    byte[] data = whole.bytes();
    assertArrayEquals(payload(), Arrays.copyOfRange(data, data.length - PAYLOAD, data.length));

    byte[] answer =
        incoming(world, own(world)).payload(payload()).udp(53, whole.sourcePort()).build();
    List<Frame> got = pieces(answer).stream().map(f -> fragment(arrives(f))).toList();
    got.forEach(f -> assertEquals(text(CLIENT.address(world.contains(":"))), f.destination()));
    Frame back = joined(got);
    assertTrue(back.transportChecksumRight());
    assertEquals(40_000, back.destinationPort());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void echo_inPieces_isMasqueradedAsAWhole(String world) {
    Frame whole = joined(leaving(pieces(question(world).echo(7).build())));
    assertTrue(whole.transportChecksumRight());
    byte[] answer =
        incoming(world, own(world)).payload(payload()).echoReply(whole.echoId()).build();
    Frame back = joined(pieces(answer).stream().map(f -> fragment(arrives(f))).toList());
    assertTrue(back.transportChecksumRight());
    assertEquals(7, back.echoId());
    assertEquals(text(CLIENT.address(world.contains(":"))), back.destination());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void udp_cutByTheNode_isMasqueradedAsAWhole(String world) {
    Outcome sent = sends(CLIENT, question(world).udp(40_000, 53).build());
    List<Frame> left =
        pieces(sent.packet()).stream().map(f -> fragment(leaves(sent.mark(), f))).toList();
    Frame whole = joined(left);
    assertTrue(whole.transportChecksumRight());
    assertEquals(text(own(world)), whole.source());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void laterFragment_leavingBeforeTheFirst_isDropped(String world) {
    byte[] later = pieces(question(world).udp(40_000, 53).build()).getLast();
    assertDropped(NOT_FOUND, leaves(Dataplane.MARK_MASQUERADE, later));
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void fragments_forTheNode_stayWithTheNode(String world) {
    leaving(pieces(question(world).udp(40_000, 53).build()));
    byte[] other = incoming(world, own(world)).payload(payload()).udp(53, 22).build();
    pieces(other).forEach(this::staysWithTheNode);
    byte[] range = incoming(world, own(world)).payload(payload()).udp(54, 50_000).build();
    pieces(range).forEach(this::staysWithTheNode);
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void fragments_forAPod_goToIt(String world) {
    String pod = SERVER.address(world.contains(":"));
    byte[] packet = incoming(world, pod).payload(payload()).udp(40_000, 80).build();
    List<byte[]> pieces = pieces(packet);
    assertDropped(NOT_FOUND, arrives(pieces.getLast()));
    pieces.forEach(f -> assertEquals(text(pod), fragment(arrives(f)).destination()));
    assertEquals(
        1, node.connections().keySet().stream().filter(t -> t.protocol() == Protocol.UDP).count());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void error_aboutAFirstFragment_findsThePod(String world) {
    List<Frame> left = leaving(pieces(question(world).udp(40_000, 53).build()));
    String router = world.contains(":") ? "2001:db8:ff::1" : "198.51.100.1";
    byte[] error = incoming(router, own(world)).quoting(left.getFirst().bytes()).build();
    Outcome arrived = arrives(error);
    delivered(arrived, CLIENT);
  }
}
