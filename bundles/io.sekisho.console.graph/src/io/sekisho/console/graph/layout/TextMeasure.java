package io.sekisho.console.graph.layout;

/** Says how wide a line of text is at 100 %; usable on any thread. */
@FunctionalInterface
public interface TextMeasure {
  /** Cuts of the font. */
  enum Face {
    NAME,
    BOLD,
    SMALL
  }

  /** Width and height of one line, in pixels. */
  Size of(String text, Face face);
}
