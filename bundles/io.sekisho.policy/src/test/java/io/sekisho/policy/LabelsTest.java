package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels and prefixes, well-formed and broken. */
class LabelsTest {
  @Test
  void of_withoutSource_isOfKubernetes() {
    assertEquals(Labels.of("k8s:app=cart"), Labels.of("app=cart"));
    assertEquals(Optional.of("cart"), Labels.of("app=cart").get("any:app"));
    assertEquals(Optional.empty(), Labels.of("my-app=cart").get("any:app"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "k8s:", ":a", "=x"})
  void of_noKey_throws(String text) {
    assertThrows(IllegalArgumentException.class, () -> Labels.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10",
        "10/8",
        "1.2.3",
        "1.2.3.4.5",
        "256.0.0.1",
        "1.2.3.4/",
        "1.2.3.4/33",
        "a.b.c.d",
        "localhost",
        "::1/129",
        ":",
        ":::",
        "fe80::1%1",
        "1.2.3.4/-1",
        "1.2.3.4/8/8",
        "g::1"
      })
  void parse_noPrefix_throws(String text) {
    assertThrows(IllegalArgumentException.class, () -> Cidr.parse(text));
  }

  @Test
  void contains_nested_isSeen() {
    assertTrue(Cidr.parse("10.0.0.0/8").contains(Cidr.parse("10.1.2.3")));
    assertFalse(Cidr.parse("10.1.0.0/16").contains(Cidr.parse("10.0.0.0/8")));
    assertEquals("10.0.0.0/8", Cidr.parse("10.1.2.3/8").toString());
  }

  @Test
  void cidrLabels_addressThatEndsInColons_roundTrip() {
    Cidr address = Cidr.parse("2000::/128");
    assertEquals(Optional.of(address), CidrLabels.cidr(CidrLabels.of(address)));
  }

  @Test
  void cidrLabels_roundTrip() {
    for (String text : new String[] {"10.0.0.0/8", "1.2.3.4", "fd00::/16", "::/0", "0.0.0.0/0"}) {
      Cidr cidr = Cidr.parse(text);
      Labels labels = CidrLabels.of(cidr);
      assertEquals(Optional.of(cidr), CidrLabels.cidr(labels));
      assertEquals(labels, Labels.of(labels.texts()));
    }
    assertEquals(Optional.empty(), CidrLabels.cidr(Identity.WORLD.labels()));
  }
}
