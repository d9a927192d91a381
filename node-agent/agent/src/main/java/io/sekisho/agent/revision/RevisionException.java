package io.sekisho.agent.revision;

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
    /** There is no such revision. */
    NOT_FOUND,
    /** The head waits for its confirmation, or does not when it should. */
    STATE
  }

  private final Code code;
  private final transient List<Problem> problems;

  /** An error without problems of documents. */
  public RevisionException(Code code, String message) {
    this(code, message, List.of());
  }

  /** An error of documents. */
  public RevisionException(Code code, String message, List<Problem> problems) {
    super(message);
    this.code = code;
    this.problems = List.copyOf(problems);
  }

  /** Why. */
  public Code code() {
    return code;
  }

  /** Every problem of the documents, warnings too. */
  public List<Problem> problems() {
    return problems;
  }
}
