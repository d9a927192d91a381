package io.sekisho.console.policy;

import io.sekisho.console.ui.Look;
import java.util.Iterator;
import java.util.Optional;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jface.text.Document;
import org.eclipse.jface.text.DocumentEvent;
import org.eclipse.jface.text.IDocument;
import org.eclipse.jface.text.IDocumentListener;
import org.eclipse.jface.text.ITextOperationTarget;
import org.eclipse.jface.text.Position;
import org.eclipse.jface.text.TextViewerUndoManager;
import org.eclipse.jface.text.presentation.PresentationReconciler;
import org.eclipse.jface.text.source.Annotation;
import org.eclipse.jface.text.source.AnnotationModel;
import org.eclipse.jface.text.source.CompositeRuler;
import org.eclipse.jface.text.source.ISourceViewer;
import org.eclipse.jface.text.source.LineNumberRulerColumn;
import org.eclipse.jface.text.source.SourceViewer;
import org.eclipse.jface.text.source.SourceViewerConfiguration;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorSite;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.part.EditorPart;

/**
 * Edits one document of the draft as YAML: colours, undo and redo, and the agent's own problems
 * under the words they speak of. The draft is saved with every change, so the editor is never
 * dirty; what leaves the machine is the push.
 */
public final class PolicyEditor extends EditorPart {
  /** Id of the editor. */
  public static final String ID = "io.sekisho.console.policy.editor";

  private static final int UNDO_STEPS = 500;

  private final Draft.Listener listener = this::changed;
  private Optional<SourceViewer> viewer = Optional.empty();
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

  @Override
  public void createPartControl(Composite parent) {
    parent.setLayout(new FillLayout());
    Look look = Look.of(parent.getDisplay());
    CompositeRuler ruler = new CompositeRuler(4);
    LineNumberRulerColumn numbers = new LineNumberRulerColumn();
    numbers.setForeground(look.theme().faint());
    numbers.setBackground(look.theme().ground());
    numbers.setFont(look.fonts().mono());
    ruler.addDecorator(0, numbers);
    SourceViewer made = new SourceViewer(parent, ruler, SWT.V_SCROLL | SWT.H_SCROLL);
    viewer = Optional.of(made);
    AnnotationModel marks = new AnnotationModel();
    IDocument text = new Document(document().text());
    made.configure(new Configuration(look, text));
    made.setDocument(text, marks);
    made.getTextWidget().setFont(look.fonts().mono());
    made.getTextWidget().setBackground(look.theme().ground());
    made.getTextWidget().setForeground(look.theme().text());
    made.getTextWidget().setTabs(2);
    ProblemMarks.paint(made, look.theme());
    UndoKeys.install(made);
    validation = Optional.of(new Validation(input().draft(), document(), made.getControl()));
    text.addDocumentListener(
        new IDocumentListener() {
          @Override
          public void documentAboutToBeChanged(DocumentEvent event) {}

          @Override
          public void documentChanged(DocumentEvent event) {
            take(event.getDocument().get());
          }
        });
    input().draft().addListener(listener);
    validation.get().soon();
  }

  private void take(String text) {
    taking = true;
    input().draft().edit(document(), text);
    taking = false;
    setPartName(document().title());
    validation.ifPresent(Validation::soon);
  }

  private void changed(Draft.Topic topic) {
    SourceViewer v = viewer.orElseThrow();
    if (v.getControl() == null || v.getControl().isDisposed()) {
      return;
    }
    if (!input().exists()) {
      getSite().getPage().closeEditor(this, false);
      return;
    }
    if (topic == Draft.Topic.PROBLEMS) {
      new ProblemMarks((AnnotationModel) v.getAnnotationModel())
          .show(input().draft().problems(document()), v.getDocument());
    } else if (!taking && !v.getDocument().get().equals(document().text())) {
      v.getDocument().set(document().text());
    }
  }

  /** Puts the caret on a line, from 1, and shows it. */
  void reveal(int line, int column) {
    SourceViewer v = viewer.orElseThrow();
    Position place =
        ProblemMarks.place(
            io.sekisho.api.v1.Problem.newBuilder().setLine(line).setColumn(column).build(),
            v.getDocument());
    v.setSelectedRange(place.getOffset(), place.getLength());
    v.revealRange(place.getOffset(), place.getLength());
    setFocus();
  }

  @Override
  public void setFocus() {
    viewer.map(SourceViewer::getTextWidget).ifPresent(w -> w.setFocus());
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
    super.dispose();
  }

  /** Colours, undo, and the sentence of a problem on hover. */
  private static final class Configuration extends SourceViewerConfiguration {
    private final Look look;
    private final IDocument document;

    Configuration(Look look, IDocument document) {
      this.look = look;
      this.document = document;
    }

    @Override
    public PresentationReconciler getPresentationReconciler(ISourceViewer viewer) {
      PresentationReconciler reconciler = new PresentationReconciler();
      YamlWords words = new YamlWords(look.theme(), document);
      reconciler.setDamager(words, IDocument.DEFAULT_CONTENT_TYPE);
      reconciler.setRepairer(words, IDocument.DEFAULT_CONTENT_TYPE);
      return reconciler;
    }

    @Override
    public TextViewerUndoManager getUndoManager(ISourceViewer viewer) {
      return new TextViewerUndoManager(UNDO_STEPS);
    }

    @Override
    public org.eclipse.jface.text.ITextHover getTextHover(ISourceViewer viewer, String type) {
      return new Hover(viewer);
    }
  }

  /** The problem under the pointer. */
  private record Hover(ISourceViewer viewer) implements org.eclipse.jface.text.ITextHover {
    @Override
    public String getHoverInfo(
        org.eclipse.jface.text.ITextViewer text, org.eclipse.jface.text.IRegion region) {
      Iterator<Annotation> all = viewer.getAnnotationModel().getAnnotationIterator();
      while (all.hasNext()) {
        Annotation annotation = all.next();
        Position place = viewer.getAnnotationModel().getPosition(annotation);
        if (place != null && place.includes(region.getOffset())) {
          return annotation.getText();
        }
      }
      return null;
    }

    @Override
    public org.eclipse.jface.text.IRegion getHoverRegion(
        org.eclipse.jface.text.ITextViewer text, int offset) {
      return new org.eclipse.jface.text.Region(offset, 0);
    }
  }

  /** Ctrl+Z, Ctrl+Y and Ctrl+Shift+Z in the text. */
  private record UndoKeys(SourceViewer viewer) implements org.eclipse.swt.custom.VerifyKeyListener {
    static void install(SourceViewer viewer) {
      viewer.appendVerifyKeyListener(new UndoKeys(viewer));
    }

    @Override
    public void verifyKey(org.eclipse.swt.events.VerifyEvent e) {
      if ((e.stateMask & SWT.MOD1) == 0) {
        return;
      }
      boolean shift = (e.stateMask & SWT.SHIFT) != 0;
      if (e.keyCode == 'z' && !shift) {
        act(e, ITextOperationTarget.UNDO);
      } else if (e.keyCode == 'y' || (e.keyCode == 'z' && shift)) {
        act(e, ITextOperationTarget.REDO);
      }
    }

    private void act(org.eclipse.swt.events.VerifyEvent e, int operation) {
      if (viewer.canDoOperation(operation)) {
        viewer.doOperation(operation);
      }
      e.doit = false;
    }
  }
}
