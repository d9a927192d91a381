package io.sekisho.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SeriesTest {
  @Test
  void median_oddAndEven_isTheMiddle() {
    assertEquals(2, new Series(3, 1, 2).median());
    assertEquals(2.5, new Series(4, 1, 2, 3).median());
    assertEquals(7, new Series(7).median());
  }

  @Test
  void at_share_liesBetweenNeighbours() {
    Series series = new Series(0, 10);
    assertEquals(2.5, series.at(0.25));
    assertEquals(10, series.at(1));
  }

  @Test
  void series_empty_isRefused() {
    assertThrows(IllegalArgumentException.class, Series::new);
  }

  @Test
  void met_goalsOfBothKinds_compareTheRightWay() {
    assertTrue(Result.atMost("a", 1, "", 1, "").met());
    assertFalse(Result.atMost("a", 1.1, "", 1, "").met());
    assertTrue(Result.atLeast("a", 2, "", 1, "").met());
    assertFalse(Result.atLeast("a", 0.5, "", 1, "").met());
    assertTrue(Result.plain("a", 5, "", "").met());
  }
}
