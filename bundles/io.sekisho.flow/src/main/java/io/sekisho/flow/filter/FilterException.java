package io.sekisho.flow.filter;

/** A filter that means nothing; says where and why in one sentence. */
public final class FilterException extends Exception {
  private static final long serialVersionUID = 1;

  /** What is wrong with a filter. */
  public enum Code {
    /** A word, sign or bracket is missing or too many. */
    SYNTAX,
    /** There is no such field. */
    UNKNOWN_FIELD,
    /** The field can't have such a value, or can't be compared so. */
    BAD_VALUE,
    /** Longer or deeper than filters may be. */
    TOO_LARGE
  }

  private final Code code;
  private final int column;
  private final String suggestion;

  /**
   * A finding.
   *
   * @param column where, from 1
   * @param message one sentence
   * @param suggestion word that was probably meant, empty for none
   */
  FilterException(Code code, int column, String message, String suggestion) {
    super(message + (suggestion.isEmpty() ? "" : " (did you mean '" + suggestion + "'?)"));
    this.code = code;
    this.column = column;
    this.suggestion = suggestion;
  }

  /** What is wrong. */
  public Code code() {
    return code;
  }

  /** Where it is wrong: the character's place in the text, from 1. */
  public int column() {
    return column;
  }

  /** The word that was probably meant, empty for none. */
  public String suggestion() {
    return suggestion;
  }
}
