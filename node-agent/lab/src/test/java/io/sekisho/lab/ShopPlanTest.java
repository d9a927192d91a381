package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.lab.shop.Call;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShopPlanTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9})
  void pods_anyNumberOfNodes_useThemAll(int count) {
    List<LabNode> nodes = IntStream.rangeClosed(1, count).mapToObj(LabNode::new).toList();
    Set<String> used = ShopPlan.pods(nodes).stream().map(Pod::node).collect(Collectors.toSet());
    assertEquals(count, used.size());
  }

  @Test
  void calls_everyTarget_isAServedPort() {
    Set<String> served = new HashSet<>();
    for (ShopPlan.Planned workload : ShopPlan.workloads()) {
      workload.listeners().forEach(l -> served.add(workload.name() + ":" + l.port()));
    }
    for (ShopPlan.Planned workload : ShopPlan.workloads()) {
      for (ShopPlan.To to : workload.calls()) {
        assertTrue(served.contains(to.workload() + ":" + to.port()), to.toString());
      }
    }
  }

  @Test
  void calls_bothFamilies_areBracketedAsNeeded() {
    Pod pod = new Pod("shop", "cart-1", "cart", "n1", Map.of(), List.of("10.244.1.2", "fd00::2"));
    List<Call> calls =
        ShopPlan.calls(List.of(new ShopPlan.To("cart", Call.Kind.HTTP, 80, 1, 0, 1)), List.of(pod));
    assertEquals(List.of("10.244.1.2:80", "[fd00::2]:80"), calls.getFirst().addresses());
  }

  @Test
  void policies_files_areAllPacked() {
    assertEquals(7, ShopPolicies.texts().size());
  }
}
