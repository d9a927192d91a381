package io.sekisho.console.policy.editor.yaml;

/** A text that can't be read or patched; the text stays as it is. */
public final class YamlException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Code {
    /** It is no YAML. */
    NO_YAML,
    /** It is nested too deep, or too long. */
    TOO_LARGE,
    /** It uses anchors and aliases, tags, or gives a key twice: one place means several. */
    SHARED,
    /** The patched text would not say what was meant. */
    NOT_PATCHABLE
  }

  private final Code code;

  /** A problem of a text. */
  public YamlException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** What is wrong. */
  public Code code() {
    return code;
  }
}
