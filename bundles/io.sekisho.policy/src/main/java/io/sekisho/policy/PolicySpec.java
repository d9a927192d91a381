package io.sekisho.policy;

import java.util.List;
import java.util.Set;

/**
 * One {@code spec}: whom it selects and what it says about them; immutable.
 *
 * @param subject the endpoints that it speaks of, confined to the document's namespace if it has
 *     one; a selector of nodes demands the label {@link NodeLabels#HOST}
 * @param standing its tier, its place there, and whether it is in force
 * @param isolated directions in which who is selected passes only what a rule allows
 * @param sections the lists that are present, also the empty ones
 * @param rules the rules of all lists, by section and index
 * @param requires conditions that narrow selectors of this and of other specs for the same subject
 * @param description free text, empty for none
 * @param line where the spec begins in the document's own text, from 1
 */
public record PolicySpec(
    Selector subject,
    Standing standing,
    Set<Direction> isolated,
    Set<Section> sections,
    List<Rule> rules,
    List<Requires> requires,
    String description,
    int line) {
  /** Keeps immutable copies. */
  public PolicySpec {
    isolated = Set.copyOf(isolated);
    sections = Set.copyOf(sections);
    rules = List.copyOf(rules);
    requires = List.copyOf(requires);
  }

  /** Whether it speaks of nodes' own traffic, not of endpoints. */
  public boolean selectsNodes() {
    return subject.requirements().stream().anyMatch(r -> r.key().equals(NodeLabels.HOST));
  }

  /** Whether it speaks of an endpoint, or of the node itself, with these labels. */
  public boolean selects(Labels labels) {
    return selectsNodes() == NodeLabels.isHost(labels) && subject.matches(labels);
  }

  /** Whether the endpoints that this selects pass only what a rule allows, in the direction. */
  public boolean enforces(Direction direction) {
    return isolated.contains(direction);
  }
}
