package io.sekisho.policy.grammar;

import java.util.List;

/** What a value of a document may be. */
public sealed interface Shape permits MapShape, Shape.Items, Shape.Text, Shape.Plain {
  /**
   * A list.
   *
   * @param item what each item is
   * @param most how many there may be; 0 for any number
   */
  record Items(Shape item, int most) implements Shape {}

  /**
   * A text.
   *
   * @param words the only ones, or empty
   */
  record Text(List<String> words) implements Shape {
    /** Keeps an immutable copy. */
    public Text {
      words = List.copyOf(words);
    }
  }

  /** Values without a form of their own. */
  enum Plain implements Shape {
    /** True or false. */
    TRUTH,
    /** A whole number. */
    NUMBER,
    /** A port's or type's number, or a text. */
    NUMBER_OR_TEXT,
    /** A map of texts to texts. */
    LABELS,
    /** Anything at all. */
    ANYTHING
  }

  /** Any text. */
  static Shape text() {
    return new Text(List.of());
  }

  /** One of some words. */
  static Shape oneOf(String... words) {
    return new Text(List.of(words));
  }

  /** A list of any length. */
  static Shape items(Shape item) {
    return new Items(item, 0);
  }

  /** A list of any length of texts. */
  static Shape texts() {
    return items(text());
  }
}
