package io.sekisho.flow.filter;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the known word that a wrong one was probably meant to be. */
final class Nearest {
  private Nearest() {}

  /** The nearest word within one edit for each three letters; empty if none is. */
  static String of(String word, Collection<String> known) {
    if (word.length() > 40) {
      return "";
    }
    String small = word.toLowerCase(Locale.ROOT);
    int limit = Math.max(1, small.length() / 3);
    return known.stream()
        .filter(k -> distance(small, k.toLowerCase(Locale.ROOT)) <= limit)
        .min(
            Comparator.comparingInt((String k) -> distance(small, k.toLowerCase(Locale.ROOT)))
                .thenComparing(k -> k))
        .orElse("");
  }

  /** Letters to insert, delete or replace (Levenshtein). */
  private static int distance(String a, String b) {
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
      }
      last = row;
    }
    return last[b.length()];
  }
}
