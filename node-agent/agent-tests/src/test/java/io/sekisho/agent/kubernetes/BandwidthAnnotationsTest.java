package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.endpoint.Bandwidth;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of pods as Kubernetes' annotations have them. */
final class BandwidthAnnotationsTest {
  @ParameterizedTest
  @CsvSource({
    "10M, 10000000",
    "1Gi, 1073741824",
    "1.5M, 1500000",
    "1e6, 1000000",
    "2E3, 2000",
    "1000, 1000",
    "1P, 1000000000000000",
    "1500000m, 1500",
    "1Ki, 1024",
    "1000.5, 1001",
    "+5k, 5000"
  })
  void of_quantity_isBitsASecond(String text, long bits) {
    var both =
        BandwidthAnnotations.of(
            Map.of(BandwidthAnnotations.EGRESS, text, BandwidthAnnotations.INGRESS, text));
    assertEquals(new Bandwidth(bits, bits), both.bandwidth());
    assertEquals("", both.problem());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "fast", "10 M", "10Mbit", "-10M", "0", "999", "2P", "1E", "M", "1e", "1e999", "1.2.3",
        "0x10", "10K", "１０M", "1e-9"
      })
  void of_badValue_isToldAndNoLimit(String text) {
    var bad = BandwidthAnnotations.of(Map.of(BandwidthAnnotations.EGRESS, text));
    assertEquals(Bandwidth.UNLIMITED, bad.bandwidth());
    assertTrue(
        bad.problem().startsWith(BandwidthAnnotations.EGRESS + " '" + text + "'"), bad::problem);
  }

  @Test
  void of_oneBadOfTwo_keepsTheOther() {
    var half =
        BandwidthAnnotations.of(
            Map.of(BandwidthAnnotations.EGRESS, "x", BandwidthAnnotations.INGRESS, "1M"));
    assertEquals(new Bandwidth(0, 1_000_000), half.bandwidth());
    assertTrue(half.problem().contains("is no quantity"), half::problem);
  }

  @Test
  void of_none_isUnlimited() {
    assertEquals(Bandwidth.UNLIMITED, BandwidthAnnotations.of(Map.of("a", "b")).bandwidth());
  }
}
