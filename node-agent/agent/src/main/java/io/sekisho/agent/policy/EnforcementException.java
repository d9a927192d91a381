package io.sekisho.agent.policy;

/** Enforcement cannot be changed or verified. */
public final class EnforcementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Code {
    /** The node has no such endpoint, or it is being made. */
    UNKNOWN_ENDPOINT,
    /** The endpoint's state file cannot be written; nothing has changed. */
    NOT_WRITTEN,
    /** The datapath refuses it. */
    NOT_REALIZED,
    /** Nothing has been planned yet, so there is nothing to compare with. */
    NO_PLAN,
    /** Plans changed whenever the maps were read. */
    BUSY
  }

  private final Code code;

  /** An error with one sentence for people. */
  public EnforcementException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** What is wrong. */
  public Code code() {
    return code;
  }
}
