package io.sekisho.console.policy;

import io.sekisho.console.policy.editor.view.PicturePanel;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Themes;
import java.util.Optional;
import org.eclipse.jface.text.Document;
import org.eclipse.jface.text.DocumentEvent;
import org.eclipse.jface.text.IDocument;
import org.eclipse.jface.text.IDocumentListener;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.text.undo.DocumentUndoManagerRegistry;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorSite;
import org.eclipse.ui.PartInitException;

/**
 * Edits one document of the draft, as a picture and as YAML side by side: one text, one stack of
 * steps to undo. The draft is saved with every change, so the editor is never dirty; what leaves
 * the machine is the push.
 */
public final class PolicyEditor extends DocumentPart {
  /** Id of the editor. */
  public static final String ID = "io.sekisho.console.policy.editor";

  private final Draft.Listener listener = this::changed;
  private final Scope.Listener inventory = this::changed;
  private final SessionEnd end = new SessionEnd(this);
  private final IDocument text = new Document();
  private Optional<PolicyPanes> panes = Optional.empty();
  private Optional<Validation> validation = Optional.empty();
  private boolean taking;

  @Override
  public void init(IEditorSite site, IEditorInput input) throws PartInitException {
    if (!(input instanceof DocumentInput)) {
      throw new PartInitException("This editor opens documents of a draft only.");
    }
    setSite(site);
    setInput(input);
    setPartName(input.getName());
  }

  private DocumentInput input() {
    return (DocumentInput) getEditorInput();
  }

  DraftDocument document() {
    return input().document();
  }

  /** The picture. */
  public PicturePanel picture() {
    return panes.orElseThrow().picture();
  }

  /** The text as it stands. */
  public IDocument text() {
    return text;
  }

  @Override
  public void createPartControl(Composite parent) {
    parent.setLayout(new FillLayout());
    text.set(document().text());
    // keeps the steps when the panes are made anew for another theme
    DocumentUndoManagerRegistry.connect(text);
    DocumentUndoManagerRegistry.getDocumentUndoManager(text).connect(this);
    text.addDocumentListener(new TextListener());
    validation = Optional.of(new Validation(input().draft(), document(), parent));
    build(parent);
    Themes.onChange(parent, () -> build(parent));
    input().draft().addListener(listener);
    end.of(input().draft().session());
    Scopes.of(getSite().getWorkbenchWindow()).addListener(inventory);
    setPartName(document().title()); // it may have been read meanwhile
    validation.get().soon();
  }

  private void build(Composite parent) {
    Look look = Look.of(parent.getDisplay());
    panes = Optional.of(new PolicyPanes(parent, look, text, panes, true));
    panes.get().live(input().draft().session());
    problems();
    parent.layout(true, true);
  }

  private void take(String next) {
    taking = true;
    input().draft().edit(document(), next);
    taking = false;
    setPartName(document().title());
    validation.ifPresent(Validation::soon);
    panes.ifPresent(PolicyPanes::textChanged);
  }

  private boolean isOpen() {
    return panes.filter(PolicyPanes::shown).isPresent();
  }

  private void changed(Draft.Topic topic) {
    if (!isOpen()) {
      return;
    }
    if (!input().exists()) {
      getSite().getPage().closeEditor(this, false);
      return;
    }
    setPartName(document().title());
    if (topic == Draft.Topic.PROBLEMS) {
      problems();
    } else if (!taking && !text.get().equals(document().text())) {
      text.set(document().text());
    }
  }

  private void changed(Scope.Topic topic) {
    if (topic == Scope.Topic.INVENTORY && isOpen()) {
      panes.ifPresent(p -> p.live(input().draft().session()));
    }
  }

  private void problems() {
    panes.ifPresent(p -> p.problems(input().draft().problems(document())));
  }

  /** Puts the caret on a line, from 1, and shows it. */
  void reveal(int line, int column) {
    panes.ifPresent(p -> p.reveal(line, column));
    setFocus();
  }

  @Override
  public void setFocus() {
    panes.ifPresent(PolicyPanes::setFocus);
  }

  @Override
  public void dispose() {
    input().draft().removeListener(listener);
    end.dispose();
    Scopes.of(getSite().getWorkbenchWindow()).removeListener(inventory);
    DocumentUndoManagerRegistry.getDocumentUndoManager(text).disconnect(this);
    DocumentUndoManagerRegistry.disconnect(text);
    super.dispose();
  }

  /** Every change of the text, by keys or by the picture, goes into the draft. */
  private final class TextListener implements IDocumentListener {
    @Override
    public void documentAboutToBeChanged(DocumentEvent event) {}

    @Override
    public void documentChanged(DocumentEvent event) {
      take(event.getDocument().get());
    }
  }
}
