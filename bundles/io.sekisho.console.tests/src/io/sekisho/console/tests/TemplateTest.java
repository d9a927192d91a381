package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.console.policy.Template;
import io.sekisho.console.policy.editor.edit.PolicyText;
import io.sekisho.policy.Documents;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a new document begins with can be pushed as it is, and drawn. */
class TemplateTest {
  private static final Template.Subject CART = new Template.Subject("shop", "cart");

  @Test
  void text_eachTemplate_hasNoProblemAndIsOfTheNamespace() {
    for (Template template : Template.values()) {
      var parsed = Documents.parse(List.of(template.text(CART)));
      assertEquals(List.of(), parsed.problems(), template::name);
      assertEquals(1, parsed.documents().size(), template::name);
      var document = parsed.documents().getFirst();
      if (!document.namespace().isEmpty()) {
        assertEquals("shop", document.namespace(), template::name);
      }
    }
  }

  @Test
  void text_eachPolicy_isDrawn() throws Exception {
    for (Template template : Template.values()) {
      if (template != Template.DENY_LIST) {
        assertEquals(1, PolicyText.read(template.text(CART)).specs().size(), template::name);
      }
    }
  }
}
