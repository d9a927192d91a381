package io.sekisho.bench;

import java.util.Arrays;
import java.util.Locale;

/** Measured values, sorted. */
final class Series {
  private final double[] sorted;

  /** At least one value. */
  Series(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  /** The middle value. */
  double median() {
    return at(0.5);
  }

  /** Value below which a share of all is, 0 to 1: linear between the neighbours. */
  double at(double share) {
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  }

  /** How many, and the middle half. */
  String spread(double scale, String unit) {
    return String.format(
        Locale.ROOT,
        "%d values, middle half %.4g to %.4g %s",
        sorted.length,
        at(0.25) * scale,
        at(0.75) * scale,
        unit);
  }
}
