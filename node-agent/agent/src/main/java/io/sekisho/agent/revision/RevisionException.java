package io.sekisho.agent.revision;

import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.api.v1.Problem;
import java.util.List;

/** A revision could not be made, confirmed or read; nothing changed. */
public final class RevisionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The base is not the head, or another push came first. */
    CONFLICT,
    /** Documents have errors; {@link #problems} names them all. */
    INVALID,
    /** An expectation would break; {@link #expectations} names them all. */
    EXPECTATION,
    /** There is no such revision. */
    NOT_FOUND,
    /** The head waits for its confirmation, or does not when it should. */
    STATE
  }

  private final Code code;
  private final transient List<Problem> problems;
  private final transient List<ExpectationResult> expectations;

  /** An error without problems of documents. */
  public RevisionException(Code code, String message) {
    this(code, message, List.of());
  }

  /** An error of documents. */
  public RevisionException(Code code, String message, List<Problem> problems) {
    this(code, message, problems, List.of());
  }

  /** An error of documents and of what was expected of them. */
  public RevisionException(
      Code code, String message, List<Problem> problems, List<ExpectationResult> expectations) {
    super(message);
    this.code = code;
    this.problems = List.copyOf(problems);
    this.expectations = List.copyOf(expectations);
  }

  /** Why. */
  public Code code() {
    return code;
  }

  /** Every problem of the documents, warnings too. */
  public List<Problem> problems() {
    return problems;
  }

  /** What became of every expectation. */
  public List<ExpectationResult> expectations() {
    return expectations;
  }
}
