package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;

/**
 * A document of a draft, open in an editor.
 *
 * @param draft whose document it is
 * @param document which
 */
record DocumentInput(Draft draft, DraftDocument document) implements TitledInput {
  @Override
  public ClusterSession session() {
    return draft.session();
  }

  @Override
  public boolean exists() {
    return draft.documents().contains(document);
  }

  @Override
  public String getName() {
    return document.title();
  }
}
