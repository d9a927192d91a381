package io.sekisho.flow.recording;

/** A recording that can't be written or read; says which file and why in one sentence. */
public final class RecordingException extends Exception {
  private static final long serialVersionUID = 1;

  /** What is wrong. */
  public enum Code {
    /** The file does not begin as recordings do. */
    NOT_A_RECORDING,
    /** The file is of a version that is not known here. */
    UNKNOWN_VERSION,
    /** One flow is larger than a file may be. */
    TOO_LARGE,
    /** The disk refuses. */
    IO
  }

  private final Code code;

  RecordingException(Code code, String message) {
    super(message);
    this.code = code;
  }

  RecordingException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
    this.code = Code.IO;
  }

  /** The sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  /** What is wrong. */
  public Code code() {
    return code;
  }
}
