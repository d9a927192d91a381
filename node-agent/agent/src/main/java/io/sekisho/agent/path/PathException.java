package io.sekisho.agent.path;

/** A path cannot be traced; the code says why. */
public final class PathException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The request makes no sense. */
    INVALID,
    /** There is no such endpoint. */
    UNKNOWN_ENDPOINT,
    /** The endpoint is there, and pings cannot be sent from it. */
    NOT_POSSIBLE,
    /** Who asked does not wait any more. */
    CANCELLED
  }

  private final Code code;

  /** An error; the message names the endpoint or the address. */
  public PathException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** An error with its cause. */
  public PathException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
