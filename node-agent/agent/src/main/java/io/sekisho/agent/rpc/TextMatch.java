package io.sekisho.agent.rpc;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The small pattern languages of flow filters. A text that is no pattern is refused by name. */
final class TextMatch {
  private TextMatch() {}

  /** A pattern with {@code *} for any characters; letters of either case are equal. */
  static Predicate<String> wildcard(String pattern) {
    var regex = new StringBuilder();
    for (String part : List.of(pattern.split("\\*", -1))) {
      regex
          .append(regex.isEmpty() ? "" : ".*")
          .append(part.isEmpty() ? "(?:)" : Pattern.quote(part));
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE).asMatchPredicate();
  }

  /** A regular expression that must be found somewhere in the text. */
  static Predicate<String> regex(String what, String pattern) {
    try {
      return Pattern.compile(pattern).asPredicate();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          what + " '" + pattern + "' is no regular expression: " + e.getDescription(), e);
    }
  }

  /**
   * A prefix of a name, optionally in a namespace: {@code cart}, {@code shop/cart}, {@code shop/}
   * for all of a namespace, {@code /cart} for every namespace. Without a slash the namespace is
   * {@code default}.
   */
  record NamePrefix(String namespace, String prefix) {
    static NamePrefix parse(String text) {
      int slash = text.indexOf('/');
      return slash < 0
          ? new NamePrefix("default", text)
          : new NamePrefix(text.substring(0, slash), text.substring(slash + 1));
    }

    boolean matches(String otherNamespace, String name) {
      boolean there = !otherNamespace.isEmpty() || !name.isEmpty();
      return there
          && (namespace.isEmpty() || namespace.equals(otherNamespace))
          && name.startsWith(prefix);
    }
  }

  /** An HTTP status: {@code 404}, or {@code 5+} for all that begin so. */
  static Predicate<String> status(String pattern) {
    if (!pattern.matches("[1-5][0-9]{0,2}\\+|[1-5][0-9]{2}")) {
      throw new IllegalArgumentException(
          "the HTTP status '" + pattern + "' is neither like 404 nor like 5+");
    }
    return pattern.endsWith("+")
        ? code -> code.startsWith(pattern.substring(0, pattern.length() - 1))
        : pattern::equals;
  }
}
