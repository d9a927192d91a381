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
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorSite;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.part.EditorPart;

/**
 * Shows one document as a picture and as YAML side by side. Where it can't be changed, or not put
 * in force, a bar above says why. A draft is saved with every change; a file is written only on
 * demand. It closes with its session.
 */
abstract class DocumentPart extends EditorPart {
  private final Scope.Listener scope = this::changed;
  private final SessionEnd end = new SessionEnd(this);
  private final IDocument text = new Document();
  private Optional<Pieces> pieces = Optional.empty();

  /**
   * What is made anew with the theme, and when the document may be changed or no longer.
   *
   * @param notice what the bar says; it comes and goes beside the panes
   */
  private record Pieces(
      Composite root,
      Optional<Notice> notice,
      Optional<Composite> bar,
      Composite body,
      PolicyPanes panes) {
    boolean looksOnly() {
      return notice.filter(Notice::looksOnly).isPresent();
    }
  }

  /**
   * What the operator must know of the document: a bar says it.
   *
   * @param words one or two sentences
   * @param looksOnly whether the text can't be changed here
   * @param remedy what the operator can do about it
   */
  record Notice(String words, boolean looksOnly, Optional<Remedy> remedy) {
    /** Whether the bar would be the same. */
    boolean same(Notice other) {
      return words.equals(other.words)
          && looksOnly == other.looksOnly
          && remedy.map(Remedy::possible).equals(other.remedy.map(Remedy::possible));
    }
  }

  /** A button beside the sentence. */
  record Remedy(String words, boolean possible, Runnable act) {}

  /** What it shows, of the kind that {@link #opens} names. */
  abstract TitledInput input();

  /** Whether it can show this. */
  abstract boolean opens(IEditorInput input);

  /** The text as it is kept. */
  abstract String kept();

  /** Why the text can't be changed here, or not be put in force; empty if both can be. */
  abstract Optional<Notice> notice();

  /** What its tab says. */
  abstract TabName tab();

  /** Its tab has this title among the others. */
  final void named(String title) {
    if (!title.equals(getPartName())) {
      setPartName(title);
    }
  }

  /** All that tells it from others, whether they are open or not. */
  @Override
  public final String getTitleToolTip() {
    return getEditorInput() == null ? super.getTitleToolTip() : tab().whole();
  }

  /** Its title may be another one: so may be what tells tabs apart. */
  final void rename() {
    TabName.all(getSite().getPage());
  }

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

  /** Why it can't be changed here, or not be put in force; empty if both can be. */
  public final String why() {
    return notice().map(Notice::words).orElse("");
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
    rename();
    parent.getDisplay().asyncExec(this::renameLater); // the page lists it once it is made
    Scopes.of(getSite().getWorkbenchWindow()).addListener(scope);
  }

  private void renameLater() {
    if (getSite().getPage() != null) {
      rename();
    }
  }

  private void build(Composite parent) {
    Look look = Look.of(parent.getDisplay());
    Composite root = look.box(parent, look.theme().ground(), 1, 0, 0, 0);
    ((GridLayout) root.getLayout()).verticalSpacing = 0;
    Optional<Notice> notice = notice();
    Optional<Composite> bar = notice.map(n -> bar(root, look, n));
    Composite body = new Composite(root, SWT.NONE);
    body.setLayout(new FillLayout());
    body.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    PolicyPanes panes =
        new PolicyPanes(
            body,
            look,
            text,
            pieces.map(Pieces::panes),
            notice.filter(Notice::looksOnly).isEmpty());
    pieces.ifPresent(p -> p.root().dispose());
    pieces = Optional.of(new Pieces(root, notice, bar, body, panes));
    panes.live(session());
    made(panes);
    parent.layout(true, true);
  }

  private static Composite bar(Composite root, Look look, Notice notice) {
    int columns = notice.remedy().isPresent() ? 3 : 2;
    Composite bar = look.row(root, look.theme().panel(), columns, 12, 8, 8);
    look.canvas(bar, 16, 16, (gc, w, h) -> Icons.DEGRADED.draw(gc, 0, 0, look.theme().audit()));
    Label why = look.wrapped(bar, notice.words(), look.fonts().normal(), look.theme().text());
    ((GridData) why.getLayoutData()).verticalAlignment = SWT.CENTER;
    notice
        .remedy()
        .ifPresent(
            r -> {
              Button button = new Button(bar, SWT.PUSH);
              button.setText(r.words());
              button.setEnabled(r.possible());
              button.addListener(SWT.Selection, e -> r.act().run());
            });
    return bar;
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

  /** Says anew what must be known, and lets the text be changed or not; typing goes on. */
  final void rightsChanged() {
    Pieces p = pieces.orElseThrow();
    Optional<Notice> now = notice();
    if (now.filter(Notice::looksOnly).isPresent() != p.looksOnly()) {
      build(p.root().getParent());
    } else if (!same(now, p.notice())) {
      p.bar().ifPresent(Composite::dispose);
      Optional<Composite> bar = now.map(n -> bar(p.root(), Look.of(p.root().getDisplay()), n));
      bar.ifPresent(b -> b.moveAbove(p.body()));
      pieces = Optional.of(new Pieces(p.root(), now, bar, p.body(), p.panes()));
      p.root().layout(true, true);
    }
  }

  private static boolean same(Optional<Notice> a, Optional<Notice> b) {
    return a.isPresent() == b.isPresent() && a.filter(n -> !n.same(b.orElseThrow())).isEmpty();
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
    IWorkbenchPage page = getSite().getPage();
    Display display = getSite().getShell().getDisplay();
    if (!display.isDisposed()) {
      display.asyncExec(() -> TabName.all(page)); // once it is closed
    }
    super.dispose();
  }

  @Override
  public final boolean isDirty() {
    return false;
  }

  @Override
  public final boolean isSaveAsAllowed() {
    return true;
  }

  @Override
  public final void doSave(IProgressMonitor monitor) {
    // a draft is saved with every change
  }

  @Override
  public final void doSaveAs() {
    DocumentFile.ask(getSite().getShell(), input().getName(), text.get());
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
