package io.sekisho.cni.wire;

/** A CNI call cannot be served; carries the number that the specification prints. */
public final class CniException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why: numbers of CNI specification 1.1, section "Error"; from 100 on they are our own. */
  public enum Code {
    /** The version of the specification is not supported. */
    INCOMPATIBLE_VERSION(1),
    /** A field of the network configuration is not supported. */
    UNSUPPORTED_FIELD(2),
    /** The container is not known or does not exist. */
    UNKNOWN_CONTAINER(3),
    /** An environment variable is missing or wrong. */
    INVALID_ENVIRONMENT(4),
    /** Reading or writing failed. */
    IO_FAILURE(5),
    /** The network configuration is not what JSON should be. */
    DECODING_FAILURE(6),
    /** The network configuration says something wrong. */
    INVALID_CONFIGURATION(7),
    /** Something that will pass; the runtime should try again. */
    TRY_AGAIN_LATER(11),
    /** STATUS: ADD cannot be served. */
    NOT_AVAILABLE(50),
    /** STATUS: ADD cannot be served, and containers may have lost connectivity. */
    LIMITED_CONNECTIVITY(51),
    /** The node's pod ranges have no free address. */
    ADDRESSES_EXHAUSTED(100),
    /** The interface could not be made. */
    WIRING_FAILED(101),
    /** The container has that interface already, made by another request. */
    ALREADY_ATTACHED(102),
    /** The interface is not as ADD left it. */
    CHECK_FAILED(103);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    /** The number that is printed. */
    public int number() {
      return number;
    }
  }

  private final Code code;

  /** An error without cause. */
  public CniException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** An error with its cause. */
  public CniException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }

  /** As it is printed and sent. */
  public CniError error() {
    Throwable cause = getCause();
    String details = cause == null || cause.getMessage() == null ? "" : cause.getMessage();
    return new CniError(code.number, String.valueOf(getMessage()), details);
  }
}
