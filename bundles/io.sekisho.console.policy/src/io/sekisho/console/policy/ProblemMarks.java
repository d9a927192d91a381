package io.sekisho.console.policy;

import io.sekisho.api.v1.Problem;
import io.sekisho.api.v1.Severity;
import io.sekisho.console.ui.Theme;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jface.text.BadLocationException;
import org.eclipse.jface.text.IDocument;
import org.eclipse.jface.text.IRegion;
import org.eclipse.jface.text.Position;
import org.eclipse.jface.text.source.Annotation;
import org.eclipse.jface.text.source.AnnotationModel;
import org.eclipse.jface.text.source.AnnotationPainter;
import org.eclipse.jface.text.source.IAnnotationAccess;
import org.eclipse.jface.text.source.ISourceViewer;

/** Shows the agent's problems in the text: a wavy line under the place, the sentence on hover. */
final class ProblemMarks {
  private static final String ERROR = "io.sekisho.error";
  private static final String WARNING = "io.sekisho.warning";

  private final AnnotationModel model;

  ProblemMarks(AnnotationModel model) {
    this.model = model;
  }

  /** Draws the marks of the model in a viewer. */
  static void paint(ISourceViewer viewer, Theme theme) {
    IAnnotationAccess access =
        new IAnnotationAccess() {
          @Override
          public Object getType(Annotation annotation) {
            return annotation.getType();
          }

          @Override
          public boolean isMultiLine(Annotation annotation) {
            return true;
          }

          @Override
          public boolean isTemporary(Annotation annotation) {
            return true;
          }
        };
    AnnotationPainter painter = new AnnotationPainter(viewer, access);
    painter.addTextStyleStrategy(
        "wave", new AnnotationPainter.UnderlineStrategy(org.eclipse.swt.SWT.UNDERLINE_SQUIGGLE));
    painter.addAnnotationType(ERROR, "wave");
    painter.addAnnotationType(WARNING, "wave");
    painter.setAnnotationTypeColor(ERROR, theme.error());
    painter.setAnnotationTypeColor(WARNING, theme.audit());
    ((org.eclipse.jface.text.ITextViewerExtension2) viewer).addPainter(painter);
    painter.paint(org.eclipse.jface.text.IPainter.CONFIGURATION);
  }

  /** Shows these problems and no others. */
  void show(List<Problem> problems, IDocument document) {
    Map<Annotation, Position> next = new HashMap<>();
    for (Problem problem : problems) {
      String type = problem.getSeverity() == Severity.ERROR ? ERROR : WARNING;
      next.put(new Annotation(type, false, problem.getMessage()), place(problem, document));
    }
    List<Annotation> old = new ArrayList<>();
    model.getAnnotationIterator().forEachRemaining(old::add);
    model.replaceAnnotations(old.toArray(Annotation[]::new), next);
  }

  /** The word at a problem's line and column; the whole line if the column is not known. */
  static Position place(Problem problem, IDocument document) {
    try {
      int line = Math.clamp(problem.getLine() - 1, 0, document.getNumberOfLines() - 1);
      IRegion region = document.getLineInformation(line);
      String text = document.get(region.getOffset(), region.getLength());
      int start = Math.clamp(problem.getColumn() - 1, 0, Math.max(0, text.length() - 1));
      if (problem.getColumn() == 0) {
        start = text.length() - text.stripLeading().length();
      }
      int end = start;
      while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
        end++;
      }
      return new Position(region.getOffset() + start, Math.max(1, end - start));
    } catch (BadLocationException e) {
      return new Position(0, Math.min(1, document.getLength()));
    }
  }
}
