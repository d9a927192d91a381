package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.Ping;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.ui.NodeTroubles;
import io.sekisho.console.ui.NodeTroubles.Trouble;
import io.sekisho.console.ui.PingWords;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is said about nodes and the ways between them. */
class NodeTroublesTest {
  private static final Ping GOOD = ping(10, 10);
  private static final Ping SILENT = ping(10, 0);
  private static final Ping UNSENT = Ping.getDefaultInstance();

  private static Ping ping(int sent, int answered) {
    Ping.Builder ping = Ping.newBuilder().setSent(sent).setAnswered(answered);
    return answered > 0 ? ping.setRttNs(210_000).build() : ping.build();
  }

  private static PeerProbe probe(String peer, Ping underlay, Ping endpoint) {
    return PeerProbe.newBuilder().setNode(peer).setUnderlay(underlay).setEndpoint(endpoint).build();
  }

  private static Node node(String name, NodeState state, PeerProbe... probes) {
    return Node.newBuilder()
        .setName(name)
        .setState(state)
        .addAllProbes(Arrays.asList(probes))
        .build();
  }

  private static List<Trouble> troubles(Node... nodes) {
    Map<String, Node> all =
        Arrays.stream(nodes).collect(Collectors.toMap(Node::getName, Function.identity()));
    return NodeTroubles.of(new ClusterInventory(true, all, Map.of(), Map.of()));
  }

  private static String way(Ping underlay, Ping endpoint) {
    return NodeTroubles.way(probe("n3", underlay, endpoint))
        .map(NodeTroubles.Way::sentence)
        .orElse("");
  }

  @Test
  void way_everyCase_isSaidInWords() {
    assertEquals("", way(GOOD, GOOD));
    assertEquals("", way(UNSENT, UNSENT));
    assertEquals("n3's endpoints do not answer, the node does", way(GOOD, SILENT));
    assertEquals("n3 does not answer pings, its endpoints do", way(SILENT, GOOD));
    assertEquals("n3 does not answer", way(SILENT, SILENT));
    assertEquals("n3 does not answer", way(SILENT, UNSENT));
    assertEquals("n3 loses pings", way(GOOD, ping(10, 7)));
    assertEquals("", way(GOOD, ping(10, 9)));
  }

  private static String ways(Ping ipv4, Ping ipv6) {
    PeerProbe both =
        probe("n3", GOOD, ipv4).toBuilder().setUnderlayIpv6(GOOD).setEndpointIpv6(ipv6).build();
    return NodeTroubles.way(both).map(NodeTroubles.Way::sentence).orElse("");
  }

  @Test
  void way_oneFamilySilent_isNamed() {
    assertEquals("", ways(GOOD, GOOD));
    assertEquals("n3's endpoints do not answer by IPv6, they do by IPv4", ways(GOOD, SILENT));
    assertEquals("n3's endpoints do not answer by IPv4, they do by IPv6", ways(SILENT, GOOD));
    assertEquals("n3's endpoints do not answer, the node does", ways(SILENT, SILENT));
    assertEquals("n3 loses pings", ways(GOOD, ping(10, 7)));
  }

  @Test
  void way_onlyPingsToTheNodeFiltered_isNotCut() {
    assertFalse(NodeTroubles.cut(probe("n3", SILENT, GOOD)));
    assertTrue(NodeTroubles.cut(probe("n3", SILENT, UNSENT)));
    assertTrue(NodeTroubles.cut(probe("n3", GOOD, SILENT)));
  }

  @Test
  void node_isolated_isTheOnlyOneInTrouble() {
    List<Trouble> found =
        troubles(
            node("n1", NodeState.READY, probe("n2", GOOD, GOOD), probe("n3", SILENT, SILENT)),
            node("n2", NodeState.READY, probe("n1", GOOD, GOOD), probe("n3", SILENT, SILENT)),
            node("n3", NodeState.READY, probe("n1", SILENT, SILENT), probe("n2", SILENT, SILENT)));
    assertEquals(
        List.of(new Trouble("n3", "n3 does not answer", "asked from n1, n2", true)), found);
  }

  @Test
  void way_badFromOneSideOnly_belongsToTheAsker() {
    List<Trouble> found =
        troubles(
            node("n1", NodeState.READY, probe("n2", GOOD, GOOD), probe("n3", SILENT, SILENT)),
            node("n2", NodeState.READY, probe("n1", GOOD, GOOD), probe("n3", GOOD, GOOD)),
            node("n3", NodeState.READY, probe("n1", GOOD, GOOD), probe("n2", GOOD, GOOD)));
    assertEquals(
        List.of(new Trouble("n1", "n1 does not reach n3", "the other nodes do", false)), found);
  }

  @Test
  void node_gone_isSaidOnceAndNotAsked() {
    List<Trouble> found =
        troubles(
            node("n1", NodeState.READY, probe("n2", SILENT, SILENT)),
            node("n2", NodeState.GONE, probe("n1", SILENT, SILENT)));
    assertEquals(List.of(new Trouble("n2", "node n2", "", true)), found);
  }

  @Test
  void ping_neverSent_isUnknownAndNotZero() {
    assertEquals("?", PingWords.median(UNSENT));
    assertEquals("?", PingWords.answered(UNSENT));
    assertTrue(Double.isNaN(PingWords.loss(UNSENT)));
    assertEquals("–", PingWords.median(SILENT));
    assertEquals("0 of 10 answered", PingWords.answered(SILENT));
    assertEquals("0.21 ms", PingWords.median(GOOD));
  }
}
