package io.sekisho.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sekisho.lab.LabException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KubernetesHeapTest {
  private static final String SAID =
      """
      4711:
       num     #instances         #bytes  class name (module)
      -------------------------------------------------------
         1:         20000        2097152  [B (java.base@25)
         2:          3000          72000  java.lang.String (java.base@25)
        12:             1             16  io.sekisho.agent.Main
      Total         23001        2169168
      """;

  @Test
  void of_whatJcmdSays_isReadWhole() {
    KubernetesHeap heap = KubernetesHeap.of(SAID);
    assertEquals(2_169_168, heap.bytes());
    assertEquals(
        Map.of("[B", 2_097_152L, "java.lang.String", 72_000L, "io.sekisho.agent.Main", 16L),
        heap.classes());
  }

  @Test
  void of_placesLeftEmpty_doNotCount() {
    String filler = "   5:   7   4096  [Ljdk.internal.vm.FillerElement; (java.base@25)\n  12:";
    KubernetesHeap heap =
        KubernetesHeap.of(SAID.replace("  12:", filler).replace("2169168", "2173264"));
    assertEquals(KubernetesHeap.of(SAID), heap);
  }

  @Test
  void of_somethingElse_fails() {
    assertThrows(LabException.class, () -> KubernetesHeap.of("no such process"));
  }

  @Test
  void grownSince_classesThatGrew_areNamedWithTheMostFirst() {
    KubernetesHeap before = KubernetesHeap.of(SAID);
    KubernetesHeap after =
        KubernetesHeap.of(
            SAID.replace("72000", "82240")
                .replace("2097152", "2117632")
                .replace("2169168", "2199888"));
    assertEquals("most grown, KB: [B +20, java.lang.String +10", after.grownSince(before));
    assertEquals(100.0 * 30_720 / 2_169_168, after.growthSince(before), 1e-9);
  }
}
