package io.sekisho.console.policy;

import io.sekisho.console.ui.Background;
import io.sekisho.impact.propose.SmallestChange;
import io.sekisho.impact.propose.SmallestChange.Step;
import io.sekisho.impact.run.Asking;
import io.sekisho.policy.Labels;
import io.sekisho.policy.RuleReference;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchPage;

/** Puts the smallest change that allows or denies connections into a draft. */
final class ChangeDraft {
  private final IWorkbenchPage page;
  private final Draft draft;

  ChangeDraft(IWorkbenchPage page, Draft draft) {
    this.page = page;
    this.draft = draft;
  }

  private Shell shell() {
    return page.getWorkbenchWindow().getShell();
  }

  /** Finds the change on another thread, and opens what it adds or what must be changed by hand. */
  void draft(List<Asking.Connection> connections, boolean deny) {
    if (connections.isEmpty()) {
      say(Texts.change_unknown);
      return;
    }
    List<String> texts =
        draft.documents().stream()
            .filter(d -> d.state() != DraftDocument.State.REMOVED)
            .map(DraftDocument::text)
            .toList();
    List<Labels> universe =
        draft.session().inventory().endpoints().values().stream()
            .map(e -> Labels.of(e.getLabelsList()))
            .distinct()
            .toList();
    CompletableFuture<List<Step>> steps =
        Background.supply(
            () -> {
              var change = new SmallestChange(Reading.documents(texts), universe);
              return deny ? change.deny(connections) : change.allow(connections);
            });
    Background.follow(
        Texts.change_job,
        steps,
        shell(),
        (found, failure) -> {
          if (failure != null) {
            Background.fail(shell(), Texts.change_failed, failure);
          } else if (found.isEmpty()) {
            say(deny ? Texts.change_no_deny : Texts.change_no_allow);
          } else {
            found.forEach(this::take);
          }
        });
  }

  private void take(Step step) {
    switch (step) {
      case Step.Add add -> Editors.open(page, draft, draft.add(add.proposal().yaml()));
      case Step.Edit edit -> edit(edit.rule());
    }
  }

  private void edit(RuleReference rule) {
    draft
        .find(rule.kind(), rule.namespace(), rule.name())
        .flatMap(d -> Editors.open(page, draft, d))
        .ifPresent(e -> e.reveal(rule.line(), 0));
    say(Texts.bind(Texts.change_by_hand, rule));
  }

  private void say(String sentence) {
    say(shell(), sentence);
  }

  /** Says why no document was opened. */
  static void say(Shell shell, String sentence) {
    MessageDialog dialog =
        new MessageDialog(
            shell,
            Texts.change_title,
            null,
            sentence,
            MessageDialog.INFORMATION,
            0,
            Texts.action_ok);
    dialog.setBlockOnOpen(false);
    dialog.open();
  }
}
