package io.sekisho.console.policy;

import io.sekisho.api.v1.Revision;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Background;
import java.util.Optional;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchPage;

/**
 * Opens the document of a rule: in the editor where the draft has it, else, to be looked at, the
 * object of the API server or the document of the revision in force. UI thread only.
 */
record RuleOpening(IWorkbenchPage page, ClusterSession session, RuleSubject wanted) {
  void run() {
    boolean objects = PolicyObjects.of(session).isPresent();
    Optional<InForce> object =
        objects || wanted.kind().isEmpty() ? Optional.empty() : wanted.object(session);
    if (object.isPresent()) {
      show(object.get()); // needs no agent to answer
      return;
    }
    Draft draft = Drafts.of(session);
    draft.whenLoaded(
        shell(),
        () ->
            wanted
                .in(draft)
                .ifPresentOrElse(
                    d -> open(draft, d), objects ? this::ofRevision : this::ofKubernetes));
  }

  private Shell shell() {
    return page.getWorkbenchWindow().getShell();
  }

  private void open(Draft draft, DraftDocument document) {
    Editors.open(page, draft, document)
        .filter(e -> wanted.line() > 0)
        .ifPresent(e -> e.reveal(wanted.line(), 0));
  }

  private void show(InForce document) {
    Editors.show(page, session, document)
        .filter(v -> wanted.line() > 0)
        .ifPresent(v -> v.reveal(wanted.line(), 0));
  }

  private void ofKubernetes() {
    wanted.object(session).ifPresentOrElse(this::show, this::gone);
  }

  private void ofRevision() {
    Background.follow(
        Texts.bind(Texts.rule_job, wanted.document()),
        session.revisions().get(0),
        shell(),
        (revision, failure) ->
            Optional.ofNullable(revision)
                .flatMap(this::in)
                .ifPresentOrElse(this::show, this::gone));
  }

  private Optional<InForce> in(Revision revision) {
    return revision.getDocumentsList().stream()
        .filter(d -> wanted.named(DraftDocument.path(DraftDocument.name(d)), d.getKind()))
        .findFirst()
        .map(d -> new InForce.OfRevision(d, revision.getNumber()));
  }

  /** Agents may follow an API server that this session does not see: they have the text. */
  private void gone() {
    if (session.kubernetes().isPresent()) {
      say(Texts.rule_gone);
      return;
    }
    Background.follow(
        Texts.bind(Texts.rule_job, wanted.document()),
        session.policies().beside(wanted.name()),
        shell(),
        (document, failure) ->
            Optional.ofNullable(document)
                .map(InForce.OfAgents::new)
                .ifPresentOrElse(this::show, () -> say(Texts.rule_unseen)));
  }

  private void say(String words) {
    ChangeDraft.say(shell(), Texts.bind(words, wanted.document()));
  }
}
