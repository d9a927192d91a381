package io.sekisho.console.policy.editor.draw;

import io.sekisho.console.policy.editor.model.Finding;
import io.sekisho.console.policy.editor.yaml.YamlText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** Finds the place of each finding in a plan. */
  public static Marks of(List<Finding> findings, YamlText yaml, Plan plan) {
    Map<ElementId, List<Finding>> of = new LinkedHashMap<>();
    List<Finding> elsewhere = new ArrayList<>();
    for (Finding finding : findings) {
      at(yaml, plan, offset(yaml.text(), finding.line(), finding.column()))
          .ifPresentOrElse(
              id -> of.computeIfAbsent(id, x -> new ArrayList<>()).add(finding),
              () -> elsewhere.add(finding));
    }
    return new Marks(of, elsewhere);
  }

  /** The element whose text stands closest around an offset of the text. */
  public static Optional<ElementId> at(YamlText yaml, Plan plan, int offset) {
    record Near(ElementId id, int length) {}
    return plan.elements().stream()
        .map(Element::id)
        .filter(
            id ->
                id instanceof ElementId.Peer
                    || id instanceof ElementId.Ports
                    || id instanceof ElementId.Subject)
        .flatMap(
            id ->
                yaml.span(id.path()).filter(s -> s.holds(offset)).stream()
                    .map(s -> new Near(id, s.end() - s.start())))
        .min(Comparator.comparingInt(Near::length))
        .map(Near::id);
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
