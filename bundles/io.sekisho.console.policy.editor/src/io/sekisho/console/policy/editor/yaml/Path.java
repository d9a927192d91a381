package io.sekisho.console.policy.editor.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * A place in a text of YAML documents: the place of the document, then keys of maps and places in
 * lists.
 *
 * @param steps from the outside to the inside
 */
public record Path(List<Step> steps) {
  /** The whole text. */
  public static final Path TEXT = new Path(List.of());

  /** One step inwards. */
  public sealed interface Step {
    /** To the value of a key. */
    record Key(String name) implements Step {}

    /** To the item of a list, from 0. */
    record Index(int at) implements Step {}
  }

  /** Keeps an immutable copy. */
  public Path {
    steps = List.copyOf(steps);
  }

  /** The value of a key. */
  public Path key(String name) {
    return with(new Step.Key(name));
  }

  /** An item, from 0. */
  public Path at(int index) {
    return with(new Step.Index(index));
  }

  private Path with(Step step) {
    List<Step> next = new ArrayList<>(steps);
    next.add(step);
    return new Path(next);
  }

  /** The place around; the text itself has none and is its own. */
  public Path parent() {
    return steps.isEmpty() ? this : new Path(steps.subList(0, steps.size() - 1));
  }

  /** The place as people read it: {@code 0/spec/ingress/1}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Step step : steps) {
      text.append(text.isEmpty() ? "" : "/");
      switch (step) {
        case Step.Key k -> text.append(k.name());
        case Step.Index i -> text.append(i.at());
      }
    }
    return text.toString();
  }
}
