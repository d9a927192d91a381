package io.sekisho.agent.apiserver;

/** The API server did not do what was asked. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** It does not answer, or is too busy; try again later. */
    UNAVAILABLE,
    /** It does not know who we are: certificate or token. */
    UNAUTHENTICATED,
    /** It knows us, and our role does not let us. */
    DENIED,
    /** There is no such object, or no such kind of objects. */
    NOT_FOUND,
    /** The kind's group is there, in versions that we do not know. */
    OTHER_VERSION,
    /** Another write came first. */
    CONFLICT,
    /** What changed since that version is not known any more. */
    EXPIRED,
    /** It refuses the object: its schema, its size. */
    INVALID,
    /** The client was closed. */
    CLOSED
  }

  private final Code code;

  /** An error with its cause. */
  public ApiException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** An error without cause. */
  public ApiException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
