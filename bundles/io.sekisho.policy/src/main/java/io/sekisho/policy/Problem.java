package io.sekisho.policy;

/**
 * Something wrong or suspicious in a text.
 *
 * @param severity whether the text can be used all the same
 * @param text which of the texts, from 0
 * @param document {@code kind namespace/name} where known, else empty
 * @param line line in the text, from 1; 0 where unknown
 * @param column column in the line, from 1; 0 where unknown
 * @param message one sentence: what is wrong and what would be right
 * @param suggestion proposed replacement of the word at the place, empty for none
 */
public record Problem(
    Severity severity,
    int text,
    String document,
    int line,
    int column,
    String message,
    String suggestion) {

  /** The problem as a compiler would print it: {@code text 1, line 3:5: error: …}. */
  @Override
  public String toString() {
    String place = "text " + (text + 1) + ", line " + line + ":" + column;
    String hint = suggestion.isEmpty() ? "" : " (did you mean '" + suggestion + "'?)";
    return place
        + ": "
        + severity.name().toLowerCase(java.util.Locale.ROOT)
        + ": "
        + message
        + hint;
  }
}
