package io.sekisho.agent.cluster;

/** The cluster store did not do what was asked. */
public final class ClusterStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The store does not answer; try again later. */
    UNAVAILABLE,
    /** The store answers, and refuses us: certificate or role. */
    DENIED,
    /** A value is not what its key says. */
    CORRUPT,
    /** The store was closed. */
    CLOSED
  }

  private final Code code;

  /** An error with its cause. */
  public ClusterStoreException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** An error without cause. */
  public ClusterStoreException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
