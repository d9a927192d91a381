package io.sekisho.console.policy;

import io.sekisho.api.v1.Problem;
import io.sekisho.console.ui.Look;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import org.eclipse.jface.text.IDocument;
import org.eclipse.jface.text.ITextOperationTarget;
import org.eclipse.jface.text.ITextViewerExtension6;
import org.eclipse.jface.text.IUndoManager;
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
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;

/** A document as YAML: colours, undo and redo, and problems under the words they speak of. */
final class YamlPane {
  private static final int UNDO_STEPS = 500;

  private final SourceViewer viewer;
  private final CompositeRuler ruler = new CompositeRuler(4);

  /** A text that may be changed here or not; without changes there are no steps to undo. */
  YamlPane(Composite parent, Look look, IDocument text, boolean editable) {
    LineNumberRulerColumn numbers = new LineNumberRulerColumn();
    numbers.setForeground(look.theme().faint());
    numbers.setBackground(look.theme().ground());
    numbers.setFont(look.fonts().mono());
    ruler.addDecorator(0, numbers);
    viewer = new SourceViewer(parent, ruler, SWT.V_SCROLL | SWT.H_SCROLL);
    viewer.configure(new Configuration(look, text, editable));
    viewer.setDocument(text, new AnnotationModel());
    viewer.setEditable(editable);
    viewer.getTextWidget().setFont(look.fonts().mono());
    viewer.getTextWidget().setBackground(look.theme().ground());
    viewer.getTextWidget().setForeground(look.theme().text());
    viewer.getTextWidget().setTabs(2);
    ProblemMarks.paint(viewer, look.theme());
    UndoKeys.install(viewer);
    // numbers of a viewer that was not yet shown do not follow by themselves
    viewer.addViewportListener(y -> updateNumbers());
  }

  private void updateNumbers() {
    later(() -> {});
  }

  /** Moves the text once it has its size, and its numbers with it. */
  private void later(Runnable move) {
    viewer
        .getTextWidget()
        .getDisplay()
        .asyncExec(
            () -> {
              if (!viewer.getTextWidget().isDisposed()) {
                move.run();
                ruler.update();
              }
            });
  }

  Control control() {
    return viewer.getControl();
  }

  /** Hears where the caret is, in letters from the beginning of the text. */
  void onCaret(IntConsumer caret) {
    viewer
        .getTextWidget()
        .addCaretListener(e -> caret.accept(viewer.widgetOffset2ModelOffset(e.caretOffset)));
  }

  void problems(List<Problem> problems) {
    new ProblemMarks((AnnotationModel) viewer.getAnnotationModel())
        .show(problems, viewer.getDocument());
  }

  /** Selects a part of the text and shows it. */
  void reveal(int offset, int length) {
    viewer.setSelectedRange(offset, length);
    viewer.revealRange(offset, length);
    updateNumbers();
  }

  /** What is seen of the text and what is selected in it. */
  record Place(int topLine, int offset, int length) {}

  Place place() {
    var selected = viewer.getSelectedRange();
    return new Place(viewer.getTopIndex(), selected.x, selected.y);
  }

  /** Goes to where another pane was in the same text, once there is room for it. */
  void place(Place place) {
    viewer.setSelectedRange(place.offset(), place.length());
    later(() -> viewer.setTopIndex(place.topLine()));
  }

  void setFocus() {
    viewer.getTextWidget().setFocus();
  }

  void undo() {
    operate(viewer, ITextOperationTarget.UNDO);
  }

  void redo() {
    operate(viewer, ITextOperationTarget.REDO);
  }

  private static void operate(SourceViewer viewer, int operation) {
    if (viewer.canDoOperation(operation)) {
      viewer.doOperation(operation);
    }
  }

  /** Makes changes one step to undo. */
  void asOneStep(Runnable changes) {
    IUndoManager steps = ((ITextViewerExtension6) viewer).getUndoManager();
    steps.beginCompoundChange();
    changes.run();
    steps.endCompoundChange();
  }

  /** Colours, undo, and the sentence of a problem on hover. */
  private static final class Configuration extends SourceViewerConfiguration {
    private final Look look;
    private final IDocument document;
    private final boolean editable;

    Configuration(Look look, IDocument document, boolean editable) {
      this.look = look;
      this.document = document;
      this.editable = editable;
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
      return editable ? new TextViewerUndoManager(UNDO_STEPS) : null;
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
      operate(viewer, operation);
      e.doit = false;
    }
  }
}
