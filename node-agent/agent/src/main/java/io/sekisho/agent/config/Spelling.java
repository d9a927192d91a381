package io.sekisho.agent.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class Spelling {
  private static final int MAX_EDITS = 2;

  private Spelling() {}

  /** The known word nearest to a wrong one, if it is near enough to be a slip. */
  static Optional<String> nearest(String wrong, Collection<String> known) {
    return known.stream()
        .filter(word -> edits(wrong, word) <= Math.min(MAX_EDITS, word.length() / 2))
        .min(Comparator.comparingInt(word -> edits(wrong, word)));
  }

  /** Letters to add, drop or change from one word to the other (Levenshtein's distance). */
  static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
