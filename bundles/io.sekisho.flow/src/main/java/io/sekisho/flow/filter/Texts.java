package io.sekisho.flow.filter;

import java.util.Locale;
import java.util.function.Predicate;

/** Comparison of texts without regard to case. */
final class Texts {
  private Texts() {}

  /** The text occurs, or, with {@code *} or {@code ?} in it, the whole is of that form. */
  static Predicate<String> like(String pattern) {
    String small = pattern.toLowerCase(Locale.ROOT);
    if (small.indexOf('*') < 0 && small.indexOf('?') < 0) {
      return text -> text.toLowerCase(Locale.ROOT).contains(small);
    }
    return text -> matches(small, text.toLowerCase(Locale.ROOT));
  }

  /** Walks both texts once and comes back only to the last star: no pattern takes long. */
  private static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      boolean inside = p < pattern.length();
      if (inside && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (inside && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
