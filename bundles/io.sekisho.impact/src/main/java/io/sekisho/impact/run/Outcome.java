package io.sekisho.impact.run;

/** What becomes of recorded traffic under other documents. */
public enum Outcome {
  /** It passes now, and would be dropped. */
  NEWLY_DENIED,
  /** It is dropped now, and would pass. */
  NEWLY_ALLOWED,
  /** Nobody can say. */
  UNDECIDABLE,
  /** As before. */
  UNCHANGED
}
