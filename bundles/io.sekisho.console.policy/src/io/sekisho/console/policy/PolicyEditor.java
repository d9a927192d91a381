package io.sekisho.console.policy;

import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.ui.Refusals;
import java.util.Optional;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.text.undo.DocumentUndoManagerRegistry;
import org.eclipse.ui.IEditorInput;

/**
 * Edits one document of the draft, as a picture and as YAML: one text, one stack of steps to undo.
 * The draft is saved with every change, so the editor is never dirty; what leaves the machine is
 * the push. Who may push no such document drafts all the same, and is told that above the text.
 */
public final class PolicyEditor extends DocumentPart {
  /** Id of the editor. */
  public static final String ID = "io.sekisho.console.policy.editor";

  private final Draft.Listener listener = this::changed;
  private Optional<Validation> validation = Optional.empty();
  private boolean taking;

  @Override
  boolean opens(IEditorInput input) {
    return input instanceof DocumentInput;
  }

  @Override
  DocumentInput input() {
    return (DocumentInput) getEditorInput();
  }

  DraftDocument document() {
    return input().document();
  }

  @Override
  String kept() {
    return document().text();
  }

  @Override
  Optional<Notice> notice() {
    return Refusals.ofPolicies(session(), document().kinds())
        .map(why -> new Notice(Texts.bind(Texts.draft_only, why), false, Optional.empty()));
  }

  @Override
  TabName tab() {
    return new TabName(
        document().title(),
        document().kinds().stream().sorted().findFirst().orElse(""),
        PolicyObjects.of(session()).isPresent() ? Target.KUBERNETES : Target.AGENTS,
        session().profile().name());
  }

  @Override
  public void createPartControl(Composite parent) {
    super.createPartControl(parent);
    // keeps the steps when the panes are made anew for another theme
    DocumentUndoManagerRegistry.connect(text());
    DocumentUndoManagerRegistry.getDocumentUndoManager(text()).connect(this);
    validation = Optional.of(new Validation(input().draft(), document(), parent));
    input().draft().addListener(listener);
    rename(); // it may have been read meanwhile
    validation.get().soon();
  }

  @Override
  void made(PolicyPanes panes) {
    panes.problems(input().draft().problems(document()));
  }

  /** Every change of the text, by keys or by the picture, goes into the draft. */
  @Override
  void edited(String next) {
    taking = true;
    input().draft().edit(document(), next);
    taking = false;
    rename();
    validation.ifPresent(Validation::soon);
  }

  private void changed(Draft.Topic topic) {
    Optional<PolicyPanes> panes = panes();
    if (panes.isEmpty()) {
      return;
    }
    if (!input().exists()) {
      getSite().getPage().closeEditor(this, false);
      return;
    }
    rename();
    if (topic == Draft.Topic.DOCUMENTS && !taking) {
      rightsChanged(); // it may be of another kind now
    }
    if (topic == Draft.Topic.PROBLEMS) {
      made(panes.get());
    } else if (!taking && !text().get().equals(document().text())) {
      text().set(document().text());
    }
  }

  @Override
  public void dispose() {
    input().draft().removeListener(listener);
    DocumentUndoManagerRegistry.getDocumentUndoManager(text()).disconnect(this);
    DocumentUndoManagerRegistry.disconnect(text());
    super.dispose();
  }
}
