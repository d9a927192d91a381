package io.sekisho.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Conditions on labels that all must hold; with none, everything matches. Equal whenever the
 * conditions are, in whatever order they were written.
 */
public final class Selector {
  /** Matches everything. */
  public static final Selector EVERYTHING = new Selector(List.of());

  private final List<Requirement> requirements;

  private Selector(List<Requirement> requirements) {
    this.requirements = requirements;
  }

  /** A selector of the conditions. */
  public static Selector of(Collection<Requirement> requirements) {
    return new Selector(
        requirements.stream()
            .distinct()
            .sorted(
                Comparator.comparing(Requirement::key)
                    .thenComparing(Requirement::operator)
                    .thenComparing(Requirement::toString))
            .toList());
  }

  /** The conditions, sorted by key. */
  public List<Requirement> requirements() {
    return requirements;
  }

  /** Whether the labels fulfil every condition. */
  public boolean matches(Labels labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  /** A selector of these conditions and of those of others. */
  public Selector and(List<Selector> others) {
    return of(
        Stream.concat(requirements.stream(), others.stream().flatMap(o -> o.requirements.stream()))
            .toList());
  }

  /** Every prefix that the conditions name. */
  Stream<Cidr> cidrs() {
    return requirements.stream().flatMap(r -> r.cidr().stream());
  }

  /** Why the labels do not match, as part of a sentence: every condition missed; empty if none. */
  public Optional<String> miss(Labels labels) {
    return requirements.stream()
        .flatMap(r -> r.miss(labels).stream())
        .reduce((a, b) -> a + "; " + b);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Selector selector && requirements.equals(selector.requirements);
  }

  @Override
  public int hashCode() {
    return requirements.hashCode();
  }

  /** The conditions as people write them, {@code everything} if there are none. */
  @Override
  public String toString() {
    return requirements.isEmpty()
        ? "everything"
        : requirements.stream().map(Requirement::toString).collect(Collectors.joining(", "));
  }
}
