package io.sekisho.bench;

/**
 * A number, with what it is compared to and what was aimed at.
 *
 * @param name what was measured
 * @param value the median, or the only value
 * @param unit of the value, empty for a ratio
 * @param goal upper limit, or lower limit if `higherIsBetter`; NaN for none
 * @param higherIsBetter which side of the goal is good
 * @param note how it was measured, and its spread
 */
record Result(
    String name, double value, String unit, double goal, boolean higherIsBetter, String note) {
  static Result atMost(String name, double value, String unit, double goal, String note) {
    return new Result(name, value, unit, goal, false, note);
  }

  static Result atLeast(String name, double value, String unit, double goal, String note) {
    return new Result(name, value, unit, goal, true, note);
  }

  static Result plain(String name, double value, String unit, String note) {
    return new Result(name, value, unit, Double.NaN, false, note);
  }

  /** Whether the goal is met; true without one. */
  boolean met() {
    return Double.isNaN(goal) || (higherIsBetter ? value >= goal : value <= goal);
  }
}
