package io.sekisho.impact.propose;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Numbers and names in comments. */
final class Wording {
  private static final int NAMES = 4;

  private Wording() {}

  /** {@code 1 flow}, {@code 1,204 flows}. */
  static String flows(long count) {
    return String.format(Locale.ROOT, "%,d flow%s", count, count == 1 ? "" : "s");
  }

  /** The first names, and how many more there are. */
  static String names(Collection<String> names) {
    List<String> sorted = names.stream().distinct().sorted().toList();
    String first = sorted.stream().limit(NAMES).collect(Collectors.joining(", "));
    int more = sorted.size() - NAMES;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
