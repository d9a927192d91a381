package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An object makes one text, whatever the order in which its fields came. */
final class ObjectTextTest {
  private static String text(Map<String, String> labels, Map<String, String> annotations) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", Map.of("conditions", List.of()));
    fields.put("specs", null);
    fields.put("spec", Map.of("podSelector", Map.of("matchLabels", Map.of("app", "payment"))));
    return ObjectText.of(
        "networking.k8s.io/v1", "NetworkPolicy", "shop", "guard", labels, annotations, fields);
  }

  @Test
  void of_labelsAndAnnotationsInAnyOrder_isTheSameText() {
    Map<String, String> forward = new LinkedHashMap<>();
    Map<String, String> backward = new LinkedHashMap<>();
    List<String> keys = List.of("a", "b", "c", "d", "e");
    keys.forEach(k -> forward.put(k, "1"));
    keys.reversed().forEach(k -> backward.put(k, "1"));
    assertEquals(text(forward, backward), text(backward, forward));
    assertEquals(text(forward, forward), text(Map.copyOf(forward), Map.copyOf(backward)));
  }

  @Test
  void of_whatOthersWrote_isLeftOut() {
    String applied = "kubectl.kubernetes.io/last-applied-configuration";
    assertEquals(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: guard
          namespace: shop
          labels:
            team: shop
        spec:
          podSelector:
            matchLabels:
              app: payment
        """,
        text(Map.of("team", "shop"), Map.of(applied, "{}")));
  }
}
