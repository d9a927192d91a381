package io.sekisho.console.policy.editor.yaml;

/** One change of a text; paths are those of the text as the changes before it left it. */
sealed interface Change {
  /** Another value in the place of one. */
  record Set(Path path, Value value) implements Change {}

  /** A new key of a map, at its end. */
  record Put(Path map, String key, Value value) implements Change {}

  /** A new item of a list. */
  record Insert(Path list, int index, Value item) implements Change {}

  /** A key or an item goes. */
  record Remove(Path path) implements Change {}
}
