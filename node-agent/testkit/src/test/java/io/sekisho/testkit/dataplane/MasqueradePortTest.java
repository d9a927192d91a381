package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ports masqueraded connections get and keep, on a node that has four of them. */
class MasqueradePortTest extends NetdevTestBase {
  private static final int FIRST = 50_000;
  private static final int LAST = 50_003;
  private static final long SECOND = 1_000_000_000L;

  @BeforeAll
  static void small() {
    reload(NodeSettings.USUAL.ports(FIRST, LAST));
  }

  private static byte[] query(int sourcePort) {
    return CLIENT.sends(WORLD_IPV4).udp(sourcePort, 53).build();
  }

  private int portOf(byte[] packet) {
    return masqueraded(masquerades(CLIENT, packet)).sourcePort();
  }

  private Tuple wayOut(int sourcePort) {
    return new Tuple(CLIENT.ipv4(), WORLD_IPV4, sourcePort, 53, Protocol.UDP, true);
  }

  private Tuple wayBack(int port) {
    return new Tuple(WORLD_IPV4, Dataplane.NODE_IPV4, 53, port, Protocol.UDP, false);
  }

  private Outcome refused(byte[] packet) {
    Outcome sent = sends(CLIENT, packet);
    return leaves(sent.mark(), sent.packet());
  }

  /** Uses up all ports towards one destination. */
  private Set<Integer> exhaust() {
    var ports = new TreeSet<Integer>();
    for (int i = 0; i <= LAST - FIRST; i++) {
      ports.add(portOf(query(1000 + i)));
    }
    return ports;
  }

  @Test
  void ports_areAllGivenOnce() {
    assertEquals(Set.of(50_000, 50_001, 50_002, 50_003), exhaust());
  }

  @Test
  void ports_usedUp_isADropThatNamesThePod() {
    exhaust();
    Outcome outcome = refused(query(2000));
    assertDropped(NO_MAPPING, outcome);
    DatapathEvent drop = outcome.event(DatapathEvent.DROP);
    assertEquals(CLIENT.id(), drop.endpoint());
    assertEquals(CLIENT.ipv4(), drop.source());
    assertEquals(2000, drop.sourcePort());
    assertEquals(4, halves(true).size());
    assertEquals(4, halves(false).size());
  }

  @Test
  void ports_usedUp_areFreeTowardsOthers() {
    exhaust();
    assertTrue(portOf(CLIENT.sends("203.0.113.10").udp(2000, 53).build()) >= FIRST);
    assertTrue(portOf(CLIENT.sends(WORLD_IPV4).udp(2000, 54).build()) >= FIRST);
    assertTrue(portOf(CLIENT.sends(WORLD_IPV4).tcp(2000, 53, Tcp.SYN).build()) >= FIRST);
    assertTrue(
        masqueraded(masquerades(CLIENT, CLIENT.sends(WORLD_IPV4).echo(9).build())).echoId()
            >= FIRST);
  }

  @Test
  void ports_ofConnectionsThatAreOver_areGivenAgain() {
    exhaust();
    node.forgetConnections();
    int taken = portOf(query(2000));
    Mapping in = node.mappings().get(wayBack(taken));
    assertEquals(2000, in.port());
    for (int i = 0; i <= LAST - FIRST; i++) {
      assertNotEquals(taken, portOf(query(1000 + i)), "of an old connection that speaks again");
      node.forgetConnections();
      portOf(query(2000));
    }
  }

  @Test
  void ports_thatAnotherProcessorIsTaking_areLeftToIt() {
    exhaust();
    node.forgetConnections();
    taking(0x80);
    assertDropped(NO_MAPPING, refused(query(2000)));
    node.forgetConnections();
    taking(0);
    int taken = portOf(query(2000));
    assertEquals(2000, node.mappings().get(wayBack(taken)).port());
  }

  /** The last byte of all ways back (struct nat_entry): NAT_TAKEN or nothing. */
  private static void taking(int mark) {
    var nat = Objects.requireNonNull(node.maps().get("nat"));
    nat.entries()
        .forEach(
            (key, entry) -> {
              entry[31] = (byte) mark;
              nat.put(key, entry);
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ports_ofTheNodesSockets_areNotGiven(boolean tcp) throws Exception {
    var open = new ArrayList<AutoCloseable>();
    try {
      for (int port = FIRST; port < LAST; port++) {
        int number = port;
        open.add(node.onNode(() -> tcp ? new ServerSocket(number) : new DatagramSocket(number)));
      }
      byte[] v4 = tcp ? CLIENT.sends(WORLD_IPV4).tcp(1, 53, Tcp.SYN).build() : query(1);
      var v6 = CLIENT.sends(WORLD_IPV6);
      assertEquals(LAST, portOf(v4));
      assertEquals(LAST, portOf((tcp ? v6.tcp(1, 53, Tcp.SYN) : v6.udp(1, 53)).build()));
      byte[] another = tcp ? CLIENT.sends(WORLD_IPV4).tcp(2, 53, Tcp.SYN).build() : query(2);
      assertDropped(NO_MAPPING, refused(another));
    } finally {
      for (AutoCloseable socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void wayBack_pushedOut_isPutBack() {
    int port = portOf(query(1000));
    node.forgetMapping(wayBack(port));
    assertEquals(port, portOf(query(1000)));
    assertEquals(1000, node.mappings().get(wayBack(port)).port());
  }

  @Test
  void wayBack_ofAnotherByNow_isLeftToHim() {
    int port = portOf(query(1000));
    Mapping theirs = new Mapping(System.nanoTime(), SERVER.ipv4(), 7777);
    node.rewrite(wayBack(port), theirs);
    assertNotEquals(port, portOf(query(1000)));
    assertEquals(theirs, node.mappings().get(wayBack(port)));
  }

  @Test
  void wayOut_pushedOut_isPutBackByAnAnswer() {
    int port = portOf(query(1000));
    Mapping in = node.mappings().get(wayBack(port));
    node.rewrite(wayBack(port), new Mapping(in.used() - 2 * SECOND, in.address(), in.port()));
    node.forgetMapping(wayOut(1000));
    byte[] answer = incoming(WORLD_IPV4, own(WORLD_IPV4)).udp(53, port).build();
    delivered(arrives(answer), CLIENT);
    assertEquals(port, node.mappings().get(wayOut(1000)).port());
    assertEquals(port, portOf(query(1000)));
  }

  @Test
  void wayOut_byAnAddressThatTheNodeHadOnce_isMadeAnew() {
    int port = portOf(query(1000));
    node.rewrite(wayOut(1000), new Mapping(System.nanoTime(), "198.18.0.77", port));
    masqueraded(masquerades(CLIENT, query(1000)));
    assertEquals(Dataplane.NODE_IPV4, node.mappings().get(wayOut(1000)).address());
  }

  @Test
  void wayOut_byAPortOutOfRange_isMadeAnew() {
    node.rewrite(wayOut(1000), new Mapping(System.nanoTime(), Dataplane.NODE_IPV4, 40_000));
    node.rewrite(wayBack(40_000), new Mapping(System.nanoTime(), CLIENT.ipv4(), 1000));
    assertTrue(portOf(query(1000)) >= FIRST);
  }

  @Test
  void use_isNotedOnceASecond() {
    int port = portOf(query(1000));
    long used = node.mappings().get(wayOut(1000)).used();
    portOf(query(1000));
    assertEquals(used, node.mappings().get(wayOut(1000)).used());
    node.rewrite(wayOut(1000), new Mapping(used - SECOND, Dataplane.NODE_IPV4, port));
    node.rewrite(wayBack(port), new Mapping(used - SECOND, CLIENT.ipv4(), 1000));
    portOf(query(1000));
    assertTrue(node.mappings().get(wayOut(1000)).used() >= used);
    assertTrue(node.mappings().get(wayBack(port)).used() >= used);
  }

  @Test
  void synAgain_keepsItsPort() {
    byte[] syn = CLIENT.sends(WORLD_IPV4).tcp(40_000, 443, Tcp.SYN).build();
    Frame first = masqueraded(masquerades(CLIENT, syn));
    assertEquals(first.sourcePort(), portOf(syn));
  }
}
