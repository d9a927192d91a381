package io.sekisho.console.graph.model;

import java.util.HashSet;
import java.util.Set;

/**
 * What the operator has folded and opened; immutable.
 *
 * @param grouping what stands together
 * @param folded names of namespaces shown as one node (with {@link Grouping#NAMESPACE}), or as a
 *     container (with {@link Grouping#FOLDED}: there it holds the unfolded ones)
 * @param opened names of namespaces of which nothing is left out; empty text for the outside
 */
public record Folding(Grouping grouping, Set<String> folded, Set<String> opened) {
  /** Containers, all open, as many nodes as the budget allows. */
  public static final Folding START = new Folding(Grouping.NAMESPACE, Set.of(), Set.of());

  /** Keeps immutable copies. */
  public Folding {
    folded = Set.copyOf(folded);
    opened = Set.copyOf(opened);
  }

  /** Whether the namespace is one node. */
  public boolean isFolded(String namespace) {
    return switch (grouping) {
      case NAMESPACE -> folded.contains(namespace);
      case FOLDED -> !folded.contains(namespace);
      case NONE -> false;
    };
  }

  /** The same with one namespace folded that was open, or the other way round. */
  public Folding toggle(String namespace) {
    return new Folding(grouping, toggled(folded, namespace), opened);
  }

  /** The same with all of one namespace shown, or again only what the budget allows. */
  public Folding open(String namespace) {
    return new Folding(grouping, folded, toggled(opened, namespace));
  }

  /** Another grouping, nothing folded or opened by hand. */
  public Folding by(Grouping next) {
    return new Folding(next, Set.of(), Set.of());
  }

  private static Set<String> toggled(Set<String> set, String element) {
    Set<String> next = new HashSet<>(set);
    if (!next.remove(element)) {
      next.add(element);
    }
    return next;
  }
}
