package io.sekisho.cli;

/** A command did not do what was asked; its message is for the user, its code for scripts. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why; the number is the exit code. */
  enum Code {
    /** The agent refused, or there is no such thing. */
    REFUSED(1),
    /** The command line is wrong. */
    USAGE(2),
    /** The agent does not answer. */
    UNREACHABLE(3),
    /** Documents have errors. */
    INVALID(4),
    /** A node did not realize a revision. */
    NOT_REALIZED(5),
    /** An expectation does not hold. */
    BROKEN(6),
    /** A connection that was asked about would be dropped, or traffic that passes would be. */
    DROPPED(7),
    /** The kernel says something else than the documents. */
    DIFFERS(8);

    private final int exit;

    Code(int exit) {
      this.exit = exit;
    }

    int exit() {
      return exit;
    }
  }

  private final Code code;

  CliException(Code code, String message) {
    super(message);
    this.code = code;
  }

  CliException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  Code code() {
    return code;
  }
}
