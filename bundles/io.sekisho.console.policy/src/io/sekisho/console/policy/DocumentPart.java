package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.policy.editor.view.PicturePanel;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Themes;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jface.text.Document;
import org.eclipse.jface.text.DocumentEvent;
import org.eclipse.jface.text.IDocument;
import org.eclipse.jface.text.IDocumentListener;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorSite;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.part.EditorPart;

/**
 * Shows one document as a picture and as YAML side by side. Where it can't be changed a bar above
 * says why. Nothing is ever saved by hand: a draft is saved with every change. It closes with its
 * session.
 */
abstract class DocumentPart extends EditorPart {
  private final Scope.Listener scope = this::changed;
  private final SessionEnd end = new SessionEnd(this);
  private final IDocument text = new Document();
  private Optional<Pieces> pieces = Optional.empty();

  /** What is made anew with the theme, and when the document may be changed or no longer. */
  private record Pieces(Composite root, Optional<Label> why, PolicyPanes panes) {}

  /**
   * Why the document can't be changed here.
   *
   * @param words one sentence
   * @param remedy what the operator can do about it
   */
  record Hindrance(String words, Optional<Remedy> remedy) {}

  /** A button beside the sentence. */
  record Remedy(String words, boolean possible, Runnable act) {}

  /** What it shows, of the kind that {@link #opens} names. */
  abstract TitledInput input();

  /** Whether it can show this. */
  abstract boolean opens(IEditorInput input);

  /** The text as it is kept. */
  abstract String kept();

  /** Why the text can't be changed here; empty if it can. */
  abstract Optional<Hindrance> hindrance();

  /** The panes were made anew. */
  void made(PolicyPanes panes) {}

  /** The text was changed, by keys, by the picture or by {@link #text}. */
  void edited(String next) {}

  /** The cluster is another one than before. */
  void inventoryChanged() {}

  final ClusterSession session() {
    return input().session();
  }

  /** The picture. */
  public final PicturePanel picture() {
    return pieces.orElseThrow().panes().picture();
  }

  /** The text as it stands. */
  public final IDocument text() {
    return text;
  }

  /** Why it can't be changed here; empty if it can. */
  public final String why() {
    return hindrance().map(Hindrance::words).orElse("");
  }

  /** The panes while they are shown. */
  final Optional<PolicyPanes> panes() {
    return pieces.map(Pieces::panes).filter(PolicyPanes::shown);
  }

  @Override
  public final void init(IEditorSite site, IEditorInput input) throws PartInitException {
    if (!opens(input)) {
      throw new PartInitException("This is not what opens " + input.getName() + ".");
    }
    setSite(site);
    setInput(input);
    setPartName(input.getName());
  }

  @Override
  public void createPartControl(Composite parent) {
    parent.setLayout(new FillLayout());
    text.set(kept());
    text.addDocumentListener(new TextListener());
    build(parent);
    Themes.onChange(parent, () -> build(parent));
    end.of(session());
    Scopes.of(getSite().getWorkbenchWindow()).addListener(scope);
  }

  private void build(Composite parent) {
    Look look = Look.of(parent.getDisplay());
    Composite root = look.box(parent, look.theme().ground(), 1, 0, 0, 0);
    ((GridLayout) root.getLayout()).verticalSpacing = 0;
    Optional<Hindrance> hindrance = hindrance();
    Optional<Label> why = hindrance.map(h -> bar(root, look, h));
    Composite body = new Composite(root, SWT.NONE);
    body.setLayout(new FillLayout());
    body.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    PolicyPanes panes =
        new PolicyPanes(body, look, text, pieces.map(Pieces::panes), hindrance.isEmpty());
    pieces.ifPresent(p -> p.root().dispose());
    pieces = Optional.of(new Pieces(root, why, panes));
    panes.live(session());
    made(panes);
    parent.layout(true, true);
  }

  private static Label bar(Composite root, Look look, Hindrance hindrance) {
    int columns = hindrance.remedy().isPresent() ? 3 : 2;
    Composite bar = look.row(root, look.theme().panel(), columns, 12, 8, 8);
    look.canvas(bar, 16, 16, (gc, w, h) -> Icons.DEGRADED.draw(gc, 0, 0, look.theme().audit()));
    Label why = look.wrapped(bar, hindrance.words(), look.fonts().normal(), look.theme().text());
    ((GridData) why.getLayoutData()).verticalAlignment = SWT.CENTER;
    hindrance
        .remedy()
        .ifPresent(
            r -> {
              Button button = new Button(bar, SWT.PUSH);
              button.setText(r.words());
              button.setEnabled(r.possible());
              button.addListener(SWT.Selection, e -> r.act().run());
            });
    return why;
  }

  private void changed(Scope.Topic topic) {
    Optional<PolicyPanes> now = panes();
    if (now.isEmpty()) {
      return;
    }
    switch (topic) {
      case INVENTORY -> {
        now.get().live(session());
        inventoryChanged();
        rightsChanged();
      }
      case LINK -> rightsChanged();
      case SESSION, SELECTION, FILTER, PAUSE, FLOWS, TRAFFIC, REVISIONS -> {}
    }
  }

  /** Says anew why it can't be changed, or lets it be changed. */
  private void rightsChanged() {
    Pieces p = pieces.orElseThrow();
    Optional<Hindrance> now = hindrance();
    if (now.isPresent() != p.why().isPresent()) {
      build(p.root().getParent());
      return;
    }
    String words = why().replace("&", "&&");
    p.why()
        .filter(l -> !l.getText().equals(words))
        .ifPresent(
            l -> {
              l.setText(words);
              p.root().layout(true, true);
            });
  }

  /** Puts the caret on a place, both from 1, column 0 for the line's beginning, and shows it. */
  final void reveal(int line, int column) {
    pieces.ifPresent(p -> p.panes().reveal(line, column));
    setFocus();
  }

  @Override
  public final void setFocus() {
    pieces.ifPresent(p -> p.panes().setFocus());
  }

  @Override
  public void dispose() {
    end.dispose();
    Scopes.of(getSite().getWorkbenchWindow()).removeListener(scope);
    super.dispose();
  }

  @Override
  public final boolean isDirty() {
    return false;
  }

  @Override
  public final boolean isSaveAsAllowed() {
    return false;
  }

  @Override
  public final void doSave(IProgressMonitor monitor) {
    // a draft is saved with every change
  }

  @Override
  public final void doSaveAs() {
    // not allowed
  }

  /** Whoever changes the text, the picture follows. */
  private final class TextListener implements IDocumentListener {
    @Override
    public void documentAboutToBeChanged(DocumentEvent event) {}

    @Override
    public void documentChanged(DocumentEvent event) {
      edited(event.getDocument().get());
      panes().ifPresent(PolicyPanes::textChanged);
    }
  }
}
