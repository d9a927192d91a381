package io.sekisho.policy;

/** How bad a {@link Problem} is. */
public enum Severity {
  /** Suspicious; the document can be used. */
  WARNING,
  /** Wrong; the whole text is refused. */
  ERROR
}
