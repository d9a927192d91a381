package io.sekisho.console.graph.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.ServiceGraph;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class NarrowingTest {
  private static ServiceGraph narrow(Predicate<FlowRecord> filter) {
    return Narrowing.of(Clusters.shop(), List.of(), filter);
  }

  @Test
  void of_verdict_keepsOnlyThoseRates() {
    ServiceGraph g = narrow(f -> f.verdict() == FlowVerdict.DROPPED);
    assertEquals(3, g.edges().size());
    assertTrue(g.edges().stream().allMatch(e -> e.forwardedRate() == 0 && e.droppedRate() > 0));
    assertEquals(5, g.nodes().size());
  }

  @Test
  void of_port_keepsConnectionsWithIt() {
    ServiceGraph g = narrow(f -> f.serverPort() == 53);
    assertEquals(2, g.edges().size());
    assertEquals(58, g.edges().getFirst().forwardedRate(), 1e-9);
  }

  @Test
  void of_everything_isTheSame() {
    ServiceGraph g = narrow(f -> true);
    assertEquals(Clusters.shop().edges(), g.edges());
  }

  @Test
  void of_whatConnectionsDoNotTell_isDecidedByFlows() {
    ServiceGraph shop = Clusters.shop();
    FlowRecord flow =
        new FlowRecord(
            1,
            FlowVerdict.FORWARDED,
            "",
            shop.node("shop/cart").orElseThrow().party(),
            shop.node("shop/payment").orElseThrow().party(),
            "TCP",
            40000,
            8443,
            false,
            true,
            true,
            "",
            0,
            "",
            1,
            100,
            "n2",
            0,
            -1);
    ServiceGraph g = Narrowing.of(shop, List.of(flow), f -> f.node().equals("n2"));
    assertEquals(
        List.of("shop/cart > shop/payment"), g.edges().stream().map(e -> e.key()).toList());
  }

  @Test
  void of_nothing_isEmpty() {
    assertTrue(narrow(f -> false).nodes().isEmpty());
  }
}
