package io.sekisho.console.core;

import io.sekisho.api.v1.Problem;
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
    BAD_PROFILE,
    CANCELLED,
    INTERNAL
  }

  private final Code code;
  private final transient List<Problem> problems;

  /** The message is one sentence for people. */
  public ConsoleException(Code code, String message, Throwable cause) {
    this(code, message, List.of(), cause);
  }

  /** The same with what is wrong in the documents. */
  public ConsoleException(Code code, String message, List<Problem> problems, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.problems = List.copyOf(problems);
  }

  /** Why. */
  public Code code() {
    return code;
  }

  /** What the agent found wrong in the documents; empty for other failures. */
  public List<Problem> problems() {
    return problems == null ? List.of() : problems;
  }
}
