package io.sekisho.lab;

/** The lab cannot do what was asked; the message is a sentence for the user. */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** A lab of this name is up already. */
    ALREADY_UP,
    /** No lab of this name is up. */
    NOT_UP,
    /** A node, pod or fault of that name does not exist. */
    UNKNOWN,
    /** The machine uses the lab's addresses for something else. */
    ADDRESS_TAKEN,
    /** A program that the lab needs is missing or not built. */
    PROGRAM_MISSING,
    /** A program failed. */
    PROGRAM_FAILED,
    /** Something did not become ready in time. */
    TIMEOUT,
    /** An agent refused or did not answer. */
    AGENT,
    /** Files could not be read or written. */
    IO
  }

  private final Code code;

  /** An error without cause. */
  public LabException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** An error with its cause. */
  public LabException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
