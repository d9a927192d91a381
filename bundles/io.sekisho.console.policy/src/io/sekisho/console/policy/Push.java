package io.sekisho.console.policy;

import com.google.protobuf.Duration;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.ValidateRequest;
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

/** What the dialog asks about before it becomes a revision: a draft, or an old revision. */
interface Push {
  /** Time in which a revision must be confirmed, s. */
  int CONFIRM_SECONDS = 60;

  /** The session that it goes to. */
  ClusterSession session();

  /** What it would do, in words: {@code Push 3 changed documents to shop-prod}. */
  String words();

  /** The same on a button. */
  String verb();

  /** One line for each document that becomes another. */
  List<String> documents();

  /** What the message begins with. */
  String message();

  /** What is asked about expectations. */
  ValidateRequest proof();

  /** What it would do to recorded flows; fails where nobody has looked. */
  CompletableFuture<DryRuns.Result> impact();

  /**
   * Sends it.
   *
   * @param overridden names of expectations that may break
   */
  CompletableFuture<PushResponse> send(String message, boolean confirm, List<String> overridden);

  /** It has become a revision. */
  void sent();

  /** The time in which it must be confirmed. */
  static Duration confirmWithin() {
    return Duration.newBuilder().setSeconds(CONFIRM_SECONDS).build();
  }

  /** Shows how a revision gets to the nodes. */
  static void follow(
      ClusterSession session, PushResponse answer, IWorkbenchPartSite site, Control owner) {
    Drafts.rollout(session).watch(answer.getRevision(), owner.getDisplay());
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
