package io.sekisho.console.policy.editor.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.policy.editor.Texts;
import io.sekisho.console.policy.editor.edit.PolicyText;
import io.sekisho.console.policy.editor.edit.Samples;
import io.sekisho.console.policy.editor.model.SpecPicture;
import io.sekisho.policy.Documents;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class QuickTest {
  @Test
  void edits_everyKind_giveTextsWithoutErrors() throws Exception {
    int made = 0;
    for (String sample : Samples.all()) {
      PolicyText text = PolicyText.read(sample);
      for (SpecPicture spec : text.specs()) {
        for (Quick quick : Quick.of(spec)) {
          String next = text.after(quick.edits(spec)).yaml().text();
          assertEquals(
              List.of(), Documents.parse(List.of(next)).errors(), () -> quick + "\n" + next);
          assertTrue(!Texts.of(quick.key()).isEmpty());
          made++;
        }
      }
    }
    assertTrue(made > 30, "made " + made);
  }

  @Test
  void conditions_typed_proposeLiveLabels() {
    Map<String, java.util.SortedSet<String>> labels =
        Map.of(
            "app", new TreeSet<>(List.of("cart", "catalog", "web")),
            "tier", new TreeSet<>(List.of("db")));
    assertEquals(List.of("app=cart", "app=catalog"), Proposals.conditions(labels, "app=ca", 6));
    assertEquals(List.of("x=y, tier=db"), Proposals.conditions(labels, "x=y, ti", 7));
  }
}
