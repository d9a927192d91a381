package io.sekisho.policy.parse;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the known word that a wrong one was probably meant to be. */
public final class DidYouMean {
  private DidYouMean() {}

  /**
   * The nearest of the known words, empty text if none is near: at most one edit for each three
   * letters; case and the exchange of {@code from} and {@code to} at the beginning do not count.
   */
  public static String nearest(String word, Collection<String> known) {
    String wanted = normal(word);
    return known.stream()
        .filter(k -> distance(wanted, normal(k)) <= Math.max(1, wanted.length() / 3))
        .min(
            Comparator.comparingInt((String k) -> distance(wanted, normal(k)))
                .thenComparing(k -> k))
        .orElse("");
  }

  private static String normal(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return lower.startsWith("from") ? "to" + lower.substring(4) : lower;
  }

  /** Edits between two words: insert, delete, replace, swap of neighbours. */
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] spare = beforeLast;
      beforeLast = last;
      last = row;
      row = spare;
    }
    return last[b.length()];
  }
}
