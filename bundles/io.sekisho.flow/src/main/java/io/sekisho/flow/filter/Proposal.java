package io.sekisho.flow.filter;

/**
 * Something that can stand at the caret.
 *
 * @param text what to write
 * @param start place of the first character to replace, from 0
 * @param end place behind the last character to replace
 * @param meaning one line for people, may be empty
 */
public record Proposal(String text, int start, int end, String meaning) {
  /** The filter with the proposal written into it. */
  public String apply(String filter) {
    return filter.substring(0, start) + text + filter.substring(end);
  }

  /** Where the caret stands after {@link #apply}. */
  public int caret() {
    return start + text.length();
  }
}
