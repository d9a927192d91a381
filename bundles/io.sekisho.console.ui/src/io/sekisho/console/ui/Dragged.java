package io.sekisho.console.ui;

import java.util.Optional;

/**
 * Something of the inventory on its way from one view to another: as plain text, so that it can be
 * dragged, copied and typed alike.
 */
public sealed interface Dragged {
  /** The pods of a workload. */
  record Workload(String namespace, String name) implements Dragged {}

  /** Every pod of a namespace. */
  record Namespace(String name) implements Dragged {}

  /** A node of the cluster. */
  record Node(String name) implements Dragged {}

  /** A group with a name of its own, such as {@code world}. */
  record Entity(String name) implements Dragged {}

  /** Addresses: {@code 10.0.0.0/8}, with exceptions behind {@code except}. */
  record Prefix(String text) implements Dragged {}

  /** The text that is carried: {@code workload shop/cart}, {@code 10.0.0.0/8}. */
  default String text() {
    return switch (this) {
      case Workload w -> "workload " + w.namespace() + "/" + w.name();
      case Namespace n -> "namespace " + n.name();
      case Node n -> "node " + n.name();
      case Entity e -> "entity " + e.name();
      case Prefix p -> p.text();
    };
  }

  /** What a text carries; empty if it is nothing of the inventory. */
  static Optional<Dragged> parse(String text) {
    String[] words = text.strip().split("\\s+", 2);
    String rest = words.length < 2 ? "" : words[1].strip();
    int slash = rest.indexOf('/');
    boolean prefix = words[0].matches("[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*(/[0-9]{1,3})?");
    if (prefix) {
      return Optional.of(new Prefix(text.strip()));
    }
    if (rest.isEmpty()) {
      return Optional.empty();
    }
    return switch (words[0]) {
      case "workload" ->
          slash > 0 && slash < rest.length() - 1
              ? Optional.of(new Workload(rest.substring(0, slash), rest.substring(slash + 1)))
              : Optional.empty();
      case "namespace" -> Optional.of(new Namespace(rest));
      case "node" -> Optional.of(new Node(rest));
      case "entity" -> Optional.of(new Entity(rest));
      default -> Optional.empty();
    };
  }
}
