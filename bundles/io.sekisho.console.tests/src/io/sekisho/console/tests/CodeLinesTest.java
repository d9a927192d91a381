package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.ui.CodeLines;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Documents in narrow places. */
class CodeLinesTest {
  @Test
  void fit_room_leavesLinesAsTheyAre() {
    String text = "- fromEndpoints:\n    - matchLabels:\n\n  app: cart";
    assertEquals(List.of(text.split("\n", -1)), CodeLines.fit(text, 40));
  }

  @Test
  void fit_longLabel_partsBehindADot_andKeepsItsIndent() {
    String text =
        "- fromEndpoints:\n    - matchLabels:\n        k8s:io.kubernetes.pod.namespace: shop";
    assertEquals(
        List.of(
            "- fromEndpoints:",
            "    - matchLabels:",
            "        k8s:io.kubernetes.pod.",
            "          namespace: shop"),
        CodeLines.fit(text, 32));
  }

  @Test
  void fit_longWords_partsBetweenThem() {
    assertEquals(
        List.of("- description: who", "    may not get in", "    is told"),
        CodeLines.fit("- description: who may not get in is told", 18));
  }

  @Test
  void fit_anything_losesNoCharacter_andNoLineIsTooLong() {
    var random = new Random(7);
    String letters = "ab.:/, -\n";
    for (int round = 0; round < 2_000; round++) {
      var text = new StringBuilder();
      random
          .ints(random.nextInt(120), 0, letters.length())
          .forEach(i -> text.append(letters.charAt(i)));
      int columns = 1 + random.nextInt(40);
      List<String> lines = CodeLines.fit(text.toString(), columns);
      assertEquals(
          text.toString().replaceAll("\\s", ""), String.join("", lines).replaceAll("\\s", ""));
      assertTrue(lines.stream().allMatch(l -> l.length() <= Math.max(columns, 8)), lines::toString);
    }
  }
}
