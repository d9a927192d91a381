package io.sekisho.console.policy;

import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.console.ui.Background;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.swt.widgets.Control;

/**
 * Asks the agent what is wrong with a document while it is edited: once typing has paused, and only
 * the newest text counts. UI thread only.
 */
final class Validation {
  private static final int PAUSE_MS = 250;

  private final Draft draft;
  private final DraftDocument document;
  private final Control owner;
  private final Runnable ask = this::ask;
  private CompletableFuture<ValidateResponse> call = CompletableFuture.completedFuture(null);

  Validation(Draft draft, DraftDocument document, Control owner) {
    this.draft = draft;
    this.document = document;
    this.owner = owner;
  }

  /** The text is new. */
  void soon() {
    if (!owner.isDisposed()) {
      owner.getDisplay().timerExec(PAUSE_MS, ask);
    }
  }

  private void ask() {
    if (owner.isDisposed()) {
      return;
    }
    call.cancel(true);
    String asked = document.text();
    call = draft.session().revisions().validate(List.of(asked));
    Background.onUiIfDone(
        call,
        owner,
        answer -> {
          if (asked.equals(document.text())) {
            draft.problems(document, answer.getProblemsList());
          }
        });
  }
}
