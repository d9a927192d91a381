package io.sekisho.console.core;

/** Something the operator asked for did not happen. */
public final class ConsoleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    DISCONNECTED,
    REFUSED,
    CONFLICT,
    INVALID,
    BAD_PROFILE,
    CANCELLED,
    INTERNAL
  }

  private final Code code;

  /** The message is one sentence for people. */
  public ConsoleException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
