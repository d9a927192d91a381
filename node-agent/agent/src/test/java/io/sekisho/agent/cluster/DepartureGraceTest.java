package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who counts as gone, and when. */
final class DepartureGraceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final Node NODE = Node.newBuilder().setName("n2").build();
  private static final Endpoint CART = endpoint("10.0.2.7");
  private static final Endpoint DB = endpoint("10.0.2.8");

  private final DepartureGrace grace = new DepartureGrace(Duration.ofSeconds(10));

  private static Endpoint endpoint(String address) {
    return Endpoint.newBuilder().addAddresses(address).build();
  }

  private static Map<String, Node> there() {
    return Map.of("n2", NODE);
  }

  private static Map<String, Endpoint> both() {
    return Map.of("n2/1", CART, "n2/2", DB);
  }

  @Test
  void nodeAndEndpoints_goneForAMoment_stay() {
    grace.see(there(), both(), 0);
    DepartureGrace.View gone = grace.see(Map.of(), Map.of(), SECOND);
    assertEquals(there(), gone.nodes());
    assertEquals(both(), gone.endpoints());
    assertEquals(OptionalLong.of(10 * SECOND), gone.next());

    DepartureGrace.View back = grace.see(there(), Map.of("n2/1", CART), 2 * SECOND);
    assertEquals(both(), back.endpoints(), "the node has not told of all yet");
    DepartureGrace.View all = grace.see(there(), both(), 3 * SECOND);
    assertEquals(both(), all.endpoints());
  }

  @Test
  void endpoints_goingBeforeTheirNode_stayWithIt() {
    grace.see(there(), both(), 0);
    assertEquals(both(), grace.see(there(), Map.of(), SECOND).endpoints());
    assertEquals(both(), grace.see(Map.of(), Map.of(), SECOND + SECOND / 5).endpoints());
    assertEquals(both(), grace.see(Map.of(), Map.of(), 5 * SECOND).endpoints());
  }

  @Test
  void node_goneForLong_goesWithItsEndpoints() {
    grace.see(there(), both(), 0);
    grace.see(Map.of(), Map.of(), SECOND);
    DepartureGrace.View over = grace.see(Map.of(), Map.of(), 11 * SECOND);
    assertEquals(Map.of(), over.nodes());
    assertEquals(Map.of(), over.endpoints());
    assertTrue(over.next().isEmpty());
  }

  @Test
  void endpoint_goneAlone_goesSoon() {
    grace.see(there(), both(), 0);
    DepartureGrace.View soon = grace.see(there(), Map.of("n2/1", CART), SECOND);
    assertEquals(both(), soon.endpoints());
    long wait = soon.next().orElseThrow();
    assertTrue(wait < SECOND, wait + " ns");
    DepartureGrace.View over = grace.see(there(), Map.of("n2/1", CART), SECOND + wait);
    assertEquals(Set.of("n2/1"), over.endpoints().keySet());
  }

  @Test
  void endpointOfANodeThatIsBack_addressIsAnothers_goesAtOnce() {
    grace.see(there(), both(), 0);
    grace.see(Map.of(), Map.of(), SECOND);
    var next = Map.of("n2/3", endpoint("10.0.2.8"));
    DepartureGrace.View back = grace.see(there(), next, 2 * SECOND);
    assertEquals(Set.of("n2/1", "n2/3"), back.endpoints().keySet());
  }

  @Test
  void endpointOfANodeThatIsBack_neverToldAgain_goesInTheEnd() {
    grace.see(there(), both(), 0);
    grace.see(Map.of(), Map.of(), SECOND);
    grace.see(there(), Map.of("n2/1", CART), 2 * SECOND);
    DepartureGrace.View over = grace.see(there(), Map.of("n2/1", CART), 12 * SECOND);
    assertEquals(Set.of("n2/1"), over.endpoints().keySet());
  }
}
