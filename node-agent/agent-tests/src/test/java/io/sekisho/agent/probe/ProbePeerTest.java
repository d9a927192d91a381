package io.sekisho.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.api.v1.Node;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbePeerTest {
  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  private static Node node(String name, List<String> underlay, List<String> health) {
    return Node.newBuilder()
        .setName(name)
        .addAllAddresses(underlay)
        .addAllHealthAddresses(health)
        .build();
  }

  private static ProbePeer only(List<InetAddress> own, Node node) {
    return ProbePeer.of("n1", own, own, List.of(node)).getFirst();
  }

  @Test
  void of_nodes_areSortedWithoutSelf() {
    var peers =
        ProbePeer.of(
            "n2",
            List.of(),
            List.of(),
            List.of(
                node("n3", List.of(), List.of()),
                node("n2", List.of(), List.of()),
                node("n1", List.of(), List.of())));
    assertEquals(List.of("n1", "n3"), peers.stream().map(ProbePeer::name).toList());
  }

  @Test
  void of_families_ipv4IfBothHaveIt() {
    var node = node("n2", List.of("fd18::2", "198.18.0.2"), List.of("10.244.2.2", "fd00::2"));
    var both = only(List.of(ip("198.18.0.1"), ip("fd18::1")), node);
    assertEquals(Optional.of(ip("198.18.0.2")), both.underlay());
    assertEquals(Optional.of(ip("10.244.2.2")), both.endpoint());
    assertEquals(Optional.of(ip("fd18::2")), both.underlayIpv6());
    assertEquals(Optional.of(ip("fd00::2")), both.endpointIpv6());
    var ipv6 = only(List.of(ip("fd18::1")), node);
    assertEquals(Optional.of(ip("fd18::2")), ipv6.underlay());
    assertEquals(Optional.of(ip("fd00::2")), ipv6.endpoint());
    assertEquals(Optional.empty(), ipv6.endpointIpv6());
  }

  @Test
  void of_nothingInCommonOrNonsense_isNotPinged() {
    var node = node("n2", List.of("198.18.0.2"), List.of("nonsense", "300.1.1.1"));
    var peer = only(List.of(ip("fd18::1")), node);
    assertEquals(Optional.empty(), peer.underlay());
    assertEquals(Optional.empty(), peer.endpoint());
  }
}
