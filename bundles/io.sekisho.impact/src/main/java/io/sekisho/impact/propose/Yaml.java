package io.sekisho.impact.propose;

import java.util.Locale;
import java.util.Set;

/** Lines of a YAML document, indented by two; what comes from outside is quoted where it must. */
final class Yaml {
  private static final Set<String> WORDS =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private final StringBuilder out = new StringBuilder();

  Yaml line(int depth, String text) {
    out.append("  ".repeat(depth)).append(text).append('\n');
    return this;
  }

  /** A comment; line breaks become blanks. */
  Yaml comment(int depth, String text) {
    return line(depth, "# " + text.replaceAll("\\p{Cntrl}+", " "));
  }

  /** A plain word where YAML reads it as a text, else in quotes. */
  static String text(String value) {
    boolean plain =
        value.matches("[A-Za-z][A-Za-z0-9_./-]*")
            && !WORDS.contains(value.toLowerCase(Locale.ROOT));
    return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** A name for a document: small letters, digits and {@code -} (RFC 1123). */
  static String name(String text) {
    String plain =
        text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    String cut = plain.length() > 63 ? plain.substring(0, 63).replaceAll("-+$", "") : plain;
    return cut.isEmpty() ? "policy" : cut;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
