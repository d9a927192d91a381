package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;

/**
 * A node with its underlay: what pods send goes on through to_netdev, and what the outside sends
 * comes through from_netdev. What is none of the dataplane's goes by uncounted and untouched.
 */
abstract class NetdevTestBase extends DataplaneTestBase {
  static final int NO_MAPPING = 167;
  static final int UNSUPPORTED = 168;
  static final int FIRST_PORT = 49_152;

  private static final byte[] ROUTER_MAC = HexFormat.of().parseHex("02dd00000001");

  @BeforeEach
  void forget() {
    node.forgetMappings();
  }

  /** Another node for the rest of the class. */
  static void reload(NodeSettings settings) {
    node.close();
    node = new Dataplane(settings);
  }

  /** The node's own address of the family of another one. */
  static String own(String address) {
    return address.contains(":") ? Dataplane.NODE_IPV6 : Dataplane.NODE_IPV4;
  }

  /** The form in which frames and maps are read. */
  static String text(String address) {
    return InetAddress.ofLiteral(address).getHostAddress();
  }

  /** A packet that comes in by the underlay. */
  static PacketBuilder incoming(String source, String destination) {
    return PacketBuilder.packet(source, destination).macs(ROUTER_MAC, Dataplane.UNDERLAY_MAC);
  }

  /** It leaves by the underlay; was it counted before, it counts here only if it is dropped. */
  Outcome leaves(int mark, byte[] frame) {
    Outcome outcome = node.toNetdev(mark, frame);
    if (outcome.action() == Outcome.SHOT) {
      return counted(outcome);
    }
    assertEquals(Outcome.OK, outcome.action());
    assertTrue(outcome.events().isEmpty(), outcome::toString);
    return outcome;
  }

  /** The pod sends it out of the node, where it is masqueraded. */
  Outcome masquerades(Pod pod, byte[] frame) {
    Outcome sent = sends(pod, frame);
    assertPasses(sent);
    assertEquals(Dataplane.MARK_MASQUERADE, sent.mark());
    return leaves(sent.mark(), sent.packet());
  }

  /** It comes in by the underlay for a pod. */
  Outcome arrives(byte[] frame) {
    return counted(node.fromNetdev(frame));
  }

  /** It comes in by the underlay and is the node's own affair. */
  void staysWithTheNode(byte[] frame) {
    Outcome outcome = node.fromNetdev(frame);
    assertEquals(Outcome.OK, outcome.action(), outcome::toString);
    assertTrue(outcome.events().isEmpty(), outcome::toString);
    assertArrayEquals(frame, outcome.packet());
  }

  /** The outcome's frame, its checksums proved. */
  static Frame sound(Outcome outcome) {
    Frame frame = Frame.of(outcome.packet());
    assertTrue(frame.headerChecksumRight(), "checksum of the IP header");
    assertTrue(frame.transportChecksumRight(), "checksum of layer 4");
    return frame;
  }

  /** The masqueraded frame, proved. */
  static Frame masqueraded(Outcome outcome) {
    assertEquals(0, outcome.dropReason(), outcome::toString);
    assertEquals(Dataplane.MARK_MASQUERADED, outcome.mark());
    Frame frame = sound(outcome);
    assertEquals(text(own(frame.source())), frame.source());
    return frame;
  }

  /** The frame as the pod gets it, proved. */
  static Frame delivered(Outcome outcome, Pod pod) {
    assertPasses(outcome);
    assertEquals(Outcome.REDIRECT, outcome.action());
    Frame frame = sound(outcome);
    assertArrayEquals(pod.podMac(), frame.destinationMac());
    assertArrayEquals(pod.hostMac(), frame.sourceMac());
    assertEquals(text(pod.address(frame.destination().contains(":"))), frame.destination());
    return frame;
  }

  /** The halves of mappings that pods' packets find, or those of answers. */
  static Map<Tuple, Mapping> halves(boolean egress) {
    return node.mappings().entrySet().stream()
        .filter(e -> e.getKey().egress() == egress)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
