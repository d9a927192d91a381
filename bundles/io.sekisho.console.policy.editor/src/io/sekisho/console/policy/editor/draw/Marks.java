package io.sekisho.console.policy.editor.draw;

import io.sekisho.console.policy.editor.model.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong, at the element whose text is nearest around it.
 *
 * @param of findings by element
 * @param elsewhere findings at nothing that is drawn
 */
public record Marks(Map<ElementId, List<Finding>> of, List<Finding> elsewhere) {
  /** Nothing is wrong. */
  public static final Marks NONE = new Marks(Map.of(), List.of());

  /** Keeps immutable copies. */
  public Marks {
    of = Map.copyOf(of);
    elsewhere = List.copyOf(elsewhere);
  }

  /** Finds what each finding stands at; the places are those of the text. */
  public static Marks of(List<Finding> findings, String text, Places places) {
    Map<ElementId, List<Finding>> of = new LinkedHashMap<>();
    List<Finding> elsewhere = new ArrayList<>();
    for (Finding finding : findings) {
      places
          .at(offset(text, finding.line(), finding.column()))
          .ifPresentOrElse(
              id -> of.computeIfAbsent(id, x -> new ArrayList<>()).add(finding),
              () -> elsewhere.add(finding));
    }
    return new Marks(of, elsewhere);
  }

  /** Where a line and column are in a text; the first letter of the line without a column. */
  public static int offset(String text, int line, int column) {
    int start = 0;
    for (int i = 1; i < line; i++) {
      int next = text.indexOf('\n', start);
      if (next < 0) {
        return text.length();
      }
      start = next + 1;
    }
    int end = text.indexOf('\n', start);
    String whole = text.substring(start, end < 0 ? text.length() : end);
    int indent = whole.length() - whole.stripLeading().length();
    return start + Math.clamp(column == 0 ? indent : column - 1, 0, whole.length());
  }
}
