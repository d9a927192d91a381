package io.sekisho.agent.explain;

/** A question about policies that has no answer. */
public final class ExplainException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The question is not well put. */
    INVALID,
    /** Nobody is meant. */
    UNKNOWN_END,
    /** No document is meant. */
    UNKNOWN_DOCUMENT,
    /** Several are meant where one is asked for. */
    SEVERAL_ENDS
  }

  private final Code code;

  /** An error with a sentence for the user. */
  public ExplainException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
