package io.sekisho.agent.datapath;

/** The kernel did not do what was asked; the code says why. */
public final class DatapathException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The kernel lacks something that has no fallback; the message names it and its kernel. */
    UNSUPPORTED_FEATURE,
    /** A program was refused; the message holds the verifier's log. */
    LOAD_FAILED,
    /** Not root, or not enough capabilities. */
    PERMISSION_DENIED,
    /** An interface could not be made. */
    WIRING_FAILED,
    /** An interface of another plugin cannot be taken over. */
    NOT_ADOPTABLE,
    /** A map is full. */
    MAP_FULL,
    /** What is pinned does not fit this version. */
    INCOMPATIBLE_PINS
  }

  private final Code code;

  /** An error with its cause. */
  public DatapathException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** An error without cause. */
  public DatapathException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
