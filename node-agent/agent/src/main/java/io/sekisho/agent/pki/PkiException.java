package io.sekisho.agent.pki;

/** A certificate could not be made or read. */
public final class PkiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The file is there already and is not overwritten. */
    EXISTS,
    /** A file is missing or cannot be read or written. */
    IO,
    /** A file is not the certificate or key that its name says. */
    MALFORMED,
    /** A name, address or role cannot be put into a certificate. */
    INVALID
  }

  private final Code code;

  /** An error without cause. */
  public PkiException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** An error with its cause. */
  public PkiException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
