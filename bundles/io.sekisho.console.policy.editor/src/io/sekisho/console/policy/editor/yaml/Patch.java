package io.sekisho.console.policy.editor.yaml;

import java.util.List;
import java.util.Optional;

/**
 * Makes a text say something else with the fewest words: comments, order and style of all that
 * stays are untouched, for only the parts that differ are cut out and written.
 */
public final class Patch {
  private Patch() {}

  /**
   * The text that says {@code wanted}.
   *
   * @param text the text as it is
   * @param wanted the documents that it shall hold
   * @throws YamlException if the text can't be read, or the result would say something else
   */
  public static String apply(String text, Value.Items wanted) throws YamlException {
    YamlText before = YamlText.read(text);
    List<Change> changes = Differences.between(before.value(), wanted);
    YamlText now = before;
    List<Value> arriving = changes.stream().flatMap(c -> arriving(c).stream()).toList();
    for (Change change : changes) {
      boolean moves =
          change instanceof Change.Remove r
              && r.path().steps().getLast() instanceof Path.Step.Index
              && now.value().at(r.path()).filter(arriving::contains).isPresent();
      now = YamlText.read(new Cut(now, before, moves).make(change));
    }
    if (!now.value().equals(wanted)) {
      throw new YamlException(
          YamlException.Code.NOT_PATCHABLE, "the text is written in a way that can't be patched");
    }
    return now.text();
  }

  /** The item that a change brings, which another may have taken away. */
  private static Optional<Value> arriving(Change change) {
    return switch (change) {
      case Change.Insert i -> Optional.of(i.item());
      case Change.Put p -> single(p.value());
      case Change.Set s -> single(s.value());
      case Change.Remove r -> Optional.empty();
    };
  }

  private static Optional<Value> single(Value value) {
    return value instanceof Value.Items l && l.items().size() == 1
        ? Optional.of(l.items().getFirst())
        : Optional.empty();
  }

  /** Where an equal value stands in a text that was, with its comments; empty if nowhere. */
  static Optional<Path> find(Value inside, Value wanted, Path at) {
    if (inside.equals(wanted)) {
      return Optional.of(at);
    }
    return switch (inside) {
      case Value.Scalar s -> Optional.empty();
      case Value.Items l -> {
        Optional<Path> found = Optional.empty();
        for (int i = 0; i < l.items().size() && found.isEmpty(); i++) {
          found = find(l.items().get(i), wanted, at.at(i));
        }
        yield found;
      }
      case Value.Fields f ->
          f.fields().entrySet().stream()
              .flatMap(e -> find(e.getValue(), wanted, at.key(e.getKey())).stream())
              .findFirst();
    };
  }
}
