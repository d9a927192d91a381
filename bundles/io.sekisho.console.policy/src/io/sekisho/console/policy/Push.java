package io.sekisho.console.policy;

import com.google.protobuf.Duration;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchPartSite;
import org.eclipse.ui.PartInitException;

/** Sends a draft to the agents, and shows its rollout. */
final class Push {
  /** Time in which a revision must be confirmed, s. */
  static final int CONFIRM_SECONDS = 60;

  private final IWorkbenchPartSite site;
  private final Draft draft;
  private final Control owner;

  /** The owner lives as long as the outcome matters. */
  Push(IWorkbenchPartSite site, Draft draft, Control owner) {
    this.site = site;
    this.draft = draft;
    this.owner = owner;
  }

  /** Pushes all changes; a production cluster asks for its name first. */
  void go(String message, boolean confirm, Runnable done) {
    ClusterSession session = draft.session();
    String what = Texts.bind(Texts.push_what, draft.changes().size(), session.profile().name());
    if (!sure(site.getShell(), session, what)) {
      return;
    }
    PushRequest.Builder request = draft.changesAsRequest().toBuilder().setMessage(message);
    if (confirm) {
      request.setConfirmWithin(Duration.newBuilder().setSeconds(CONFIRM_SECONDS));
    }
    owner.setEnabled(false);
    Background.follow(
        what,
        session.revisions().push(request.build()),
        owner,
        (answer, failure) -> {
          owner.setEnabled(true);
          if (failure != null) {
            Background.fail(site.getShell(), Texts.push_failed, failure);
            return;
          }
          draft.pushed(owner);
          Drafts.rollout(session).watch(answer.getRevision(), owner.getDisplay());
          showRollout();
          done.run();
        });
  }

  private void showRollout() {
    try {
      site.getPage().showView(RolloutView.ID);
    } catch (PartInitException e) {
      Background.fail(site.getShell(), Texts.push_failed, e);
    }
  }

  /** On a production cluster whether the operator has typed its name. */
  static boolean sure(Shell shell, ClusterSession session, String what) {
    if (!session.profile().production()) {
      return true;
    }
    String name = session.profile().name();
    InputDialog dialog =
        new InputDialog(
            shell,
            what,
            Texts.bind(Texts.type_name, name),
            "",
            typed -> typed.equals(name) ? null : "");
    return dialog.open() == Window.OK;
  }
}
