package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.ui.Charts;
import io.sekisho.console.ui.Format;
import org.junit.jupiter.api.Test;

/** Numbers as people read them. */
class FormatTest {
  @Test
  void rate_anySize_hasOneDecimalBelowTen() {
    assertEquals("1,204/s", Format.rate(1204.4));
    assertEquals("44/s", Format.rate(44));
    assertEquals("1.6/s", Format.rate(1.6));
    assertEquals("10/s", Format.rate(9.96));
    assertEquals("< 0.1/s", Format.rate(0.01));
    assertEquals("0/s", Format.rate(0));
    assertEquals("?/s", Format.rate(Double.NaN));
  }

  @Test
  void bitRate_scales_byThousands() {
    assertEquals("12.4 Mbit/s", Format.bitRate(1_550_000));
    assertEquals("1.0 kbit/s", Format.bitRate(125));
    assertEquals("0 bit/s", Format.bitRate(0));
    assertEquals("?", Format.bitRate(-1));
  }

  @Test
  void bytes_scales_by1024() {
    assertEquals("1.5 KiB", Format.bytes(1536));
    assertEquals("?", Format.bytes(-1));
  }

  @Test
  void span_anyLength_hasAUnit() {
    assertEquals("3.2 ms", Format.span(3_200_000));
    assertEquals("12 s", Format.span(12_000_000_000L));
    assertEquals("29 min", Format.span(29 * 60 * 1_000_000_000L));
    assertEquals("2 d", Format.span(49 * 3600 * 1_000_000_000L));
  }

  @Test
  void share_small_isNeverZero() {
    assertEquals("28 %", Format.share(0.28));
    assertEquals("< 1 %", Format.share(0.0001));
    assertEquals("0 %", Format.share(0));
  }

  @Test
  void condensed_notDivisible_keepsTheNewestSlotWhole() {
    double[] slots = Charts.condensed(new int[] {1, 2, 3, 4, 5}, 3);
    assertEquals(3, slots.length);
    assertEquals(9, slots[2]);
    assertEquals(1, slots[0]);
  }

  @Test
  void latency_below10ms_hasTwoDecimals() {
    assertEquals("0.21 ms", Format.latency(210_000));
    assertEquals("9.99 ms", Format.latency(9_994_000));
    assertEquals("10 ms", Format.latency(9_999_000));
    assertEquals("412 ms", Format.latency(412_000_000));
  }

  @Test
  void moment_ofAnotherDay_hasTheDay() {
    long now = 1_700_000_000L;
    assertEquals(Format.minute(now), Format.moment(now, now));
    assertTrue(Format.moment(now, now + 3 * 86_400).matches("1[3-6] Nov \\d\\d:\\d\\d"));
    assertTrue(Format.moment(now, now + 400 * 86_400L).matches("1[3-6] Nov 2023"));
  }
}
