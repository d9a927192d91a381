package io.sekisho.console.policy;

/** What became of a document, in a word. */
final class DraftWords {
  private DraftWords() {}

  static String state(DraftDocument document) {
    return switch (document.state()) {
      case UNCHANGED -> "";
      case ADDED -> Texts.change_added;
      case CHANGED -> Texts.change_changed;
      case REMOVED -> Texts.change_removed;
    };
  }
}
