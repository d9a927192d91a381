package io.sekisho.console.core;

import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.ValidateResponse;
import java.util.List;

/** Something the operator asked for did not happen. */
public final class ConsoleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    DISCONNECTED,
    REFUSED,
    CONFLICT,
    INVALID,
    /** An expectation would be broken. */
    BROKEN,
    BAD_PROFILE,
    CANCELLED,
    INTERNAL
  }

  private final Code code;
  private final transient ValidateResponse findings;

  /** The message is one sentence for people. */
  public ConsoleException(Code code, String message, Throwable cause) {
    this(code, message, ValidateResponse.getDefaultInstance(), cause);
  }

  /** The same with what the agent found in the documents. */
  public ConsoleException(Code code, String message, ValidateResponse findings, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.findings = findings;
  }

  /** Why. */
  public Code code() {
    return code;
  }

  /** What the agent found wrong in the documents; empty for other failures. */
  public List<Problem> problems() {
    return findings == null ? List.of() : findings.getProblemsList();
  }

  /** Expectations that would be broken, and others; empty for other failures. */
  public List<ExpectationResult> expectations() {
    return findings == null ? List.of() : findings.getExpectationsList();
  }
}
