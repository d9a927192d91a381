package io.sekisho.agent.endpoint;

/** An endpoint cannot be made, found or removed. */
public final class EndpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The container has that interface already, and it is another. */
    ALREADY_ATTACHED,
    /** The pod that the interface is for is not known. */
    POD_UNKNOWN,
    /** The node has no range of addresses yet. */
    NO_RANGE,
    /** The interface of another plugin cannot be taken over. */
    NOT_ADOPTABLE,
    /** No address is free, or no endpoint number. */
    EXHAUSTED,
    /** The interface could not be made. */
    WIRING_FAILED,
    /** The cluster store gave no identity. */
    NO_IDENTITY,
    /** The datapath refused the endpoint's policy. */
    NOT_REALIZED,
    /** It took too long; nothing is left of it. */
    TIMED_OUT,
    /** The state file could not be written. */
    STATE_NOT_WRITTEN,
    /** There is no such endpoint. */
    UNKNOWN
  }

  private final Code code;

  /** An error with its cause. */
  public EndpointException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** An error without cause. */
  public EndpointException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
