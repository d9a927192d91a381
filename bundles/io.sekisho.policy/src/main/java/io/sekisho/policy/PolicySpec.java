package io.sekisho.policy;

import java.util.List;
import java.util.Set;

/**
 * One {@code spec}: whom it selects and what it says about them; immutable.
 *
 * @param subject the endpoints that it speaks of, confined to the document's namespace if it has
 *     one
 * @param sections the lists that are present, also the empty ones: a list that is there switches
 *     default deny on for its direction
 * @param rules the rules of all lists, by section and index
 * @param description free text, empty for none
 */
public record PolicySpec(
    Selector subject, Set<Section> sections, List<Rule> rules, String description) {
  /** Keeps immutable copies. */
  public PolicySpec {
    sections = Set.copyOf(sections);
    rules = List.copyOf(rules);
  }

  /** Whether the endpoints that this selects pass only what a rule allows, in the direction. */
  public boolean enforces(Direction direction) {
    return sections.stream().anyMatch(s -> s.direction() == direction);
  }
}
