package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Link;
import io.sekisho.console.policy.editor.edit.PolicyText;
import io.sekisho.console.policy.editor.view.PicturePanel;
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
import org.eclipse.jface.text.Position;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.text.undo.DocumentUndoManagerRegistry;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorSite;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.part.EditorPart;

/**
 * Edits one document of the draft, as a picture and as YAML side by side: one text, one stack of
 * steps to undo. The draft is saved with every change, so the editor is never dirty; what leaves
 * the machine is the push.
 */
public final class PolicyEditor extends EditorPart {
  /** Id of the editor. */
  public static final String ID = "io.sekisho.console.policy.editor";

  /** From here on the picture stands beside the text, below it is above. */
  private static final int WIDE = 1100;

  private final Draft.Listener listener = this::changed;
  private final Scope.Listener inventory = this::changed;
  private final ClusterSession.Listener link = this::linkChanged;
  private final Display display = Display.getCurrent();
  private final IDocument text = new Document();
  private Optional<Panes> panes = Optional.empty();
  private Optional<Validation> validation = Optional.empty();
  private boolean taking;

  private record Panes(SashForm sash, PicturePane picture, YamlPane yaml) {}

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
    return panes.orElseThrow().picture().panel();
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
    input().draft().session().addListener(link);
    Scopes.of(getSite().getWorkbenchWindow()).addListener(inventory);
    setPartName(document().title()); // it may have been read meanwhile
    validation.get().soon();
  }

  private void build(Composite parent) {
    Optional<PolicyText> read = panes.flatMap(p -> p.picture().last());
    Optional<YamlPane.Place> place = panes.map(p -> p.yaml().place());
    panes.ifPresent(p -> p.sash().dispose());
    Look look = Look.of(parent.getDisplay());
    SashForm sash = new SashForm(parent, SWT.SMOOTH);
    sash.setBackground(look.theme().line());
    sash.setSashWidth(4);
    PicturePane picture = new PicturePane(sash, look, text, read);
    YamlPane yaml = new YamlPane(sash, look, text);
    picture.beside(yaml);
    sash.setWeights(60, 40);
    sash.addListener(SWT.Resize, e -> turn(sash));
    turn(sash);
    panes = Optional.of(new Panes(sash, picture, yaml));
    picture.live(input().draft().session());
    problems();
    parent.layout(true, true);
    place.ifPresent(yaml::place);
  }

  private static void turn(SashForm sash) {
    int wanted = sash.getSize().x >= WIDE ? SWT.HORIZONTAL : SWT.VERTICAL;
    if (sash.getOrientation() != wanted) {
      sash.setOrientation(wanted);
    }
  }

  private void take(String next) {
    taking = true;
    input().draft().edit(document(), next);
    taking = false;
    setPartName(document().title());
    validation.ifPresent(Validation::soon);
    panes.ifPresent(p -> p.picture().textChanged());
  }

  private boolean isOpen() {
    return panes.filter(p -> !p.sash().isDisposed()).isPresent();
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
      panes.ifPresent(p -> p.picture().live(input().draft().session()));
    }
  }

  /** On any thread. A closed session's draft goes nowhere any more: another one has its file. */
  private void linkChanged(ClusterSession.Topic topic) {
    boolean closed = input().draft().session().link() instanceof Link.Closed;
    if (topic == ClusterSession.Topic.LINK && closed && !display.isDisposed()) {
      display.asyncExec(
          () -> {
            if (isOpen()) {
              getSite().getPage().closeEditor(this, false);
            }
          });
    }
  }

  private void problems() {
    var found = input().draft().problems(document());
    panes.ifPresent(
        p -> {
          p.yaml().problems(found);
          p.picture().problems(found);
        });
  }

  /** Puts the caret on a line, from 1, and shows it. */
  void reveal(int line, int column) {
    Position place =
        ProblemMarks.place(
            io.sekisho.api.v1.Problem.newBuilder().setLine(line).setColumn(column).build(), text);
    panes.ifPresent(p -> p.yaml().reveal(place.getOffset(), place.getLength()));
    setFocus();
  }

  @Override
  public void setFocus() {
    panes.ifPresent(p -> p.yaml().setFocus());
  }

  @Override
  public boolean isDirty() {
    return false;
  }

  @Override
  public boolean isSaveAsAllowed() {
    return false;
  }

  @Override
  public void doSave(IProgressMonitor monitor) {
    // the draft is saved with every change
  }

  @Override
  public void doSaveAs() {
    // not allowed
  }

  @Override
  public void dispose() {
    input().draft().removeListener(listener);
    input().draft().session().removeListener(link);
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
