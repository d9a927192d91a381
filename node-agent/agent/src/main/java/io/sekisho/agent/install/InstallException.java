package io.sekisho.agent.install;

/** An installation did not do what was asked; the message is for the user. */
public final class InstallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The cluster is not as it must be; nothing was changed. */
    UNFIT,
    /** Something did not become ready in time. */
    TIMEOUT,
    /** Sekisho is not installed there. */
    MISSING
  }

  private final Code code;

  /** An error without cause. */
  public InstallException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
