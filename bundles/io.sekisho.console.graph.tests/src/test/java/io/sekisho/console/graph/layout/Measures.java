package io.sekisho.console.graph.layout;

/** Texts of seven pixels a letter: layout without fonts. */
final class Measures {
  static final TextMeasure PLAIN = (text, face) -> new Size(text.length() * 7, 14);

  private Measures() {}
}
