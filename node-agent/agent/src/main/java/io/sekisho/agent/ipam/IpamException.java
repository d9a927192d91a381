package io.sekisho.agent.ipam;

/** Addresses cannot be given. */
public final class IpamException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The node has no range yet; the message says why. */
    NO_RANGE,
    /** A range has no free address. */
    EXHAUSTED,
    /** An address that shall be taken is outside of the ranges, reserved, or taken. */
    NOT_FREE
  }

  private final Code code;

  /** An error; the message names the range or the address. */
  public IpamException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
