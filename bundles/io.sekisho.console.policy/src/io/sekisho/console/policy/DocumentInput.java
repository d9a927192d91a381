package io.sekisho.console.policy;

/**
 * A document of a draft, open in an editor.
 *
 * @param draft whose document it is
 * @param document which
 */
record DocumentInput(Draft draft, DraftDocument document) implements TitledInput {
  @Override
  public boolean exists() {
    return draft.documents().contains(document);
  }

  @Override
  public String getName() {
    return document.title();
  }
}
