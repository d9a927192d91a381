package io.sekisho.console.policy;

import com.google.protobuf.Duration;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

  Push(IWorkbenchPartSite site, Draft draft) {
    this.site = site;
    this.draft = draft;
  }

  /** What a push would do, in words: {@code Push 3 changed documents to shop-prod}. */
  String words() {
    int count = draft.changes().size();
    return Texts.bind(
        Texts.push_what,
        io.sekisho.console.ui.Format.counted(count, Texts.push_document),
        draft.session().profile().name());
  }

  /**
   * Sends all changes.
   *
   * @param overridden names of expectations that may break
   */
  CompletableFuture<PushResponse> send(String message, boolean confirm, List<String> overridden) {
    PushRequest.Builder request =
        draft.changesAsRequest().toBuilder()
            .setMessage(message)
            .addAllOverrideExpectations(overridden);
    if (confirm) {
      request.setConfirmWithin(Duration.newBuilder().setSeconds(CONFIRM_SECONDS));
    }
    return draft.session().revisions().push(request.build());
  }

  /** The changes have become a revision: shows how it gets to the nodes. */
  void done(PushResponse answer, Control owner) {
    draft.pushed(owner);
    Drafts.rollout(draft.session()).watch(answer.getRevision(), owner.getDisplay());
    try {
      site.getPage().showView(RolloutView.ID);
    } catch (PartInitException e) {
      Background.fail(site.getShell(), Texts.push_failed, e);
    }
  }

  /** What must be typed before something is pushed to the cluster; empty for any text. */
  static Optional<String> mustType(ClusterSession session) {
    return session.profile().production()
        ? Optional.of(session.profile().name())
        : Optional.empty();
  }

  /** On a production cluster whether the operator has typed its name. */
  static boolean sure(Shell shell, ClusterSession session, String what) {
    Optional<String> name = mustType(session);
    if (name.isEmpty()) {
      return true;
    }
    InputDialog dialog =
        new InputDialog(
            shell,
            what,
            Texts.bind(Texts.type_name, name.get()),
            "",
            typed -> typed.equals(name.get()) ? null : "");
    return dialog.open() == Window.OK;
  }
}
