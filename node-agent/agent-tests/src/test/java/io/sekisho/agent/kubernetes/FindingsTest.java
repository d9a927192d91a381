package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is told of an object's text, by fields. */
final class FindingsTest {
  private static final String TEXT =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: p
        namespace: shop
        labels:
          example.com/team: web
      spec:
        endpointSelector: {}
        ingress:
        - fromCIDR:
          - 10.0.0.0/8
          - 300.1.1.1/8
        - toPorts:
          - ports:
            - port: "99999"
      """;

  @Test
  void of_severalErrors_tellsEachWithItsField() {
    Findings found = Findings.of(TEXT);
    assertTrue(found.errors().contains("spec.ingress[0].fromCIDR[1]: "), found::errors);
    assertTrue(found.errors().contains("300.1.1.1/8"), found::errors);
    assertTrue(
        found.errors().contains("spec.ingress[1].toPorts[0].ports[0].port: "), found::errors);
    assertTrue(found.errors().contains("99999"), found::errors);
    assertFalse(found.errors().contains("line"), found::errors);
  }

  @Test
  void of_moreErrorsThanAreRead_countsTheRest() {
    var text = new StringBuilder(TEXT.substring(0, TEXT.indexOf("  ingress:")));
    text.append("  ingress:\n  - fromCIDR:\n");
    for (int i = 0; i < 14; i++) {
      text.append("    - 300.1.1.%d/32\n".formatted(i));
    }
    String errors = Findings.of(text.toString()).errors();
    assertTrue(errors.contains("fromCIDR[9]: "), errors);
    assertFalse(errors.contains("fromCIDR[10]"), errors);
    assertTrue(errors.endsWith("; and 4 more"), errors);
  }

  @Test
  void of_validText_hasItsWarningsAlone() {
    String text = TEXT.replace("300.1.1.1/8", "11.1.1.1/8").replace("99999", "80");
    Findings found = Findings.of(text);
    assertEquals("", found.errors());
    assertTrue(found.warnings().startsWith("spec.ingress[0].fromCIDR[1]: "), found::warnings);
    assertTrue(found.warnings().contains("bits set behind the prefix"), found::warnings);
  }

  @Test
  void at_anyPlace_isTheInnermostFieldThatBegan() {
    FieldPaths paths = FieldPaths.of(TEXT);
    assertEquals("spec.ingress[0].fromCIDR[1]", paths.at(13, 7));
    assertEquals("spec.ingress[1].toPorts[0].ports[0].port", paths.at(16, 15));
    assertEquals("metadata.labels[example.com/team]", paths.at(7, 5));
    assertEquals("spec", paths.at(8, 1));
    assertEquals("", FieldPaths.of(": [").at(1, 1));
  }

  @Test
  void at_line_isTheMappingThatBeginsThere() {
    FieldPaths paths = FieldPaths.of(TEXT);
    assertEquals("spec", paths.at(9));
    assertEquals("spec.ingress[0]", paths.at(11));
    assertEquals("spec.ingress[1]", paths.at(14));
    assertEquals("spec.ingress[0].fromCIDR[1]", paths.at(13));
    assertEquals("kind", paths.at(2));
  }
}
