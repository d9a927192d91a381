package io.sekisho.console.policy.editor.draw;

import io.sekisho.console.policy.editor.yaml.YamlText;
import io.sekisho.console.policy.editor.yaml.YamlText.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where in a text each thing of its picture is written.
 *
 * @param all what has a place of its own
 */
public record Places(List<Place> all) {
  /** One thing, and where it is written. */
  public record Place(ElementId id, Span span) {}

  /** Nothing is drawn. */
  public static final Places NONE = new Places(List.of());

  /** Keeps an immutable copy. */
  public Places {
    all = List.copyOf(all);
  }

  /** Those of a plan, which was made of the same text. */
  public static Places of(YamlText yaml, Plan plan) {
    List<Place> out = new ArrayList<>();
    for (Element element : plan.elements()) {
      switch (element.id()) {
        case ElementId.Peer p -> add(p, yaml, out);
        case ElementId.Ports p -> add(p, yaml, out);
        case ElementId.Icmp i -> add(i, yaml, out);
        case ElementId.Subject s -> add(s, yaml, out);
        case ElementId.Rest r -> {}
        case ElementId.Add a -> {}
      }
    }
    return new Places(out);
  }

  private static void add(ElementId id, YamlText yaml, List<Place> out) {
    yaml.span(id.path()).ifPresent(s -> out.add(new Place(id, s)));
  }

  /** What is written closest around an offset of the text. */
  public Optional<ElementId> at(int offset) {
    return all.stream()
        .filter(p -> p.span().holds(offset))
        .min(Comparator.comparingInt(p -> p.span().end() - p.span().start()))
        .map(Place::id);
  }
}
