package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.RangeLease;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who counts as gone, and when. */
final class DepartureGraceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final String RANGE = "10.0.2.0/24";
  private static final Node NODE = node("n2");
  private static final Endpoint CART = endpoint("10.0.2.7");
  private static final Endpoint DB = endpoint("10.0.2.8");

  private final DepartureGrace grace = new DepartureGrace(Duration.ofSeconds(10));

  private static Node node(String name) {
    return Node.newBuilder().setName(name).addPodCidrs(RANGE).build();
  }

  private static Endpoint endpoint(String address) {
    return Endpoint.newBuilder().addAddresses(address).build();
  }

  private DepartureGrace.View see(
      Map<String, Node> nodes, Map<String, Endpoint> endpoints, long now) {
    return grace.see(nodes, endpoints, leased("n2"), now);
  }

  private static Map<String, RangeLease> leased(String node) {
    var lease = RangeLease.newBuilder().setCidr(RANGE).setNode(node).build();
    return Map.of(Keys.RANGES + RANGE, lease);
  }

  private static Map<String, Node> there() {
    return Map.of("n2", NODE);
  }

  private static Map<String, Endpoint> both() {
    return Map.of("n2/1", CART, "n2/2", DB);
  }

  @Test
  void nodeAndEndpoints_goneForAMoment_stay() {
    see(there(), both(), 0);
    DepartureGrace.View gone = see(Map.of(), Map.of(), SECOND);
    assertEquals(there(), gone.nodes());
    assertEquals(both(), gone.endpoints());
    assertEquals(OptionalLong.of(10 * SECOND), gone.next());

    DepartureGrace.View back = see(there(), Map.of("n2/1", CART), 2 * SECOND);
    assertEquals(both(), back.endpoints(), "the node has not told of all yet");
    DepartureGrace.View all = see(there(), both(), 3 * SECOND);
    assertEquals(both(), all.endpoints());
  }

  @Test
  void endpoints_goingBeforeTheirNode_stayWithIt() {
    see(there(), both(), 0);
    assertEquals(both(), see(there(), Map.of(), SECOND).endpoints());
    assertEquals(both(), see(Map.of(), Map.of(), SECOND + SECOND / 5).endpoints());
    assertEquals(both(), see(Map.of(), Map.of(), 5 * SECOND).endpoints());
  }

  @Test
  void node_goneForLong_goesWithItsEndpoints() {
    see(there(), both(), 0);
    see(Map.of(), Map.of(), SECOND);
    DepartureGrace.View over = see(Map.of(), Map.of(), 11 * SECOND);
    assertEquals(Map.of(), over.nodes());
    assertEquals(Map.of(), over.endpoints());
    assertTrue(over.next().isEmpty());
  }

  @Test
  void endpoint_goneAlone_goesSoon() {
    see(there(), both(), 0);
    DepartureGrace.View soon = see(there(), Map.of("n2/1", CART), SECOND);
    assertEquals(both(), soon.endpoints());
    long wait = soon.next().orElseThrow();
    assertTrue(wait < SECOND, wait + " ns");
    DepartureGrace.View over = see(there(), Map.of("n2/1", CART), SECOND + wait);
    assertEquals(Set.of("n2/1"), over.endpoints().keySet());
  }

  @Test
  void endpointOfANodeThatIsBack_addressIsAnothers_goesAtOnce() {
    see(there(), both(), 0);
    see(Map.of(), Map.of(), SECOND);
    var next = Map.of("n2/3", endpoint("10.0.2.8"));
    DepartureGrace.View back = see(there(), next, 2 * SECOND);
    assertEquals(Set.of("n2/1", "n2/3"), back.endpoints().keySet());
  }

  @Test
  void endpointOfANodeThatIsBack_neverToldAgain_goesInTheEnd() {
    see(there(), both(), 0);
    see(Map.of(), Map.of(), SECOND);
    see(there(), Map.of("n2/1", CART), 2 * SECOND);
    DepartureGrace.View over = see(there(), Map.of("n2/1", CART), 12 * SECOND);
    assertEquals(Set.of("n2/1"), over.endpoints().keySet());
  }

  @Test
  void nodeGone_rangeIsLetGoOf_partsAtOnce() {
    see(there(), both(), 0);
    assertEquals(there(), see(Map.of(), Map.of(), SECOND).nodes());
    DepartureGrace.View parted = grace.see(Map.of(), Map.of(), leased(""), 2 * SECOND);
    assertEquals(Map.of(), parted.nodes());
    assertEquals(Map.of(), parted.endpoints());
  }

  @Test
  void nodeGone_rangeIsLeasedToAnother_partsAtOnce() {
    see(there(), both(), 0);
    DepartureGrace.View parted = grace.see(Map.of(), Map.of(), leased("n3"), SECOND);
    assertEquals(Map.of(), parted.nodes());
  }

  @Test
  void nodeGone_rangeIsFixedAndNobodySaysAnything_stays() {
    grace.see(there(), both(), Map.of(), 0);
    DepartureGrace.View held = grace.see(Map.of(), Map.of(), Map.of(), SECOND);
    assertEquals(there(), held.nodes());
    assertEquals(both(), held.endpoints());
  }

  @Test
  void nodeThere_rangeIsLetGoOf_stays() {
    see(there(), both(), 0);
    DepartureGrace.View back = grace.see(there(), both(), leased(""), SECOND);
    assertEquals(there(), back.nodes());
    assertEquals(both(), back.endpoints());
  }

  @Test
  void nodeGone_anotherTellsThatItHasTheRange_theNewcomerCountsAtOnce() {
    grace.see(there(), both(), Map.of(), 0);
    grace.see(Map.of(), Map.of(), Map.of(), SECOND);
    var newcomer = Map.of("n3", node("n3"));
    DepartureGrace.View now = grace.see(newcomer, Map.of(), Map.of(), 2 * SECOND);
    assertEquals(newcomer, now.nodes());
    assertEquals(Map.of(), now.endpoints(), "what the other one had");
  }

  @Test
  void nodeGone_sameNameElsewhere_theNewcomerCountsAtOnce() {
    Node before = node("n2").toBuilder().addAddresses("198.18.0.2").build();
    Node after = node("n2").toBuilder().addAddresses("198.18.0.9").build();
    see(Map.of("n2", before), both(), 0);
    see(Map.of(), Map.of(), SECOND);
    assertEquals(Map.of("n2", after), see(Map.of("n2", after), Map.of(), 2 * SECOND).nodes());
  }
}
