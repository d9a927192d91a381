package io.sekisho.console.policy.editor.model;

/** An edit that can't be made; the text stays as it is. */
public final class EditException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Code {
    /** The text is no condition of a selector; the detail is the text. */
    CONDITION,
    /** The text is no port; the detail is the text. */
    PORT,
    /** The text is no prefix of addresses; the detail is the text. */
    CIDR,
    /** The text is no name of a service; the detail is the text. */
    SERVICE,
    /** The kind of the document has no such peer; the detail is the peer. */
    PEER_OF_KIND,
    /** The kind of the document has no such port; the detail is the port. */
    PORT_OF_KIND,
    /** The kind of the document has no deny rules, or no pass; the detail is the kind. */
    EFFECT_OF_KIND,
    /** The kind can't say this default; the detail is the kind. */
    DEFAULT_OF_KIND,
    /** What the edit speaks of is no longer there. */
    GONE,
    /** The rule speaks of everybody: a peer more says nothing. */
    EVERYBODY,
    /** The text is only looked at. */
    READ_ONLY,
    /** The text is written in a way that only a person can change; the detail says how. */
    BY_HAND
  }

  private final Code code;
  private final String detail;

  /** An edit that can't be made. */
  public EditException(Code code, String detail) {
    super(code + ": " + detail);
    this.code = code;
    this.detail = detail;
  }

  /** Why not. */
  public Code code() {
    return code;
  }

  /** What it speaks of, empty for nothing. */
  public String detail() {
    return detail;
  }
}
