package io.sekisho.policy.compile;

import io.sekisho.policy.Direction;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Requires;
import io.sekisho.policy.Rule;
import io.sekisho.policy.Section;
import io.sekisho.policy.Selector;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that the specs which select an endpoint say in one direction.
 *
 * @param isolated whether what no rule allows is dropped, and the baseline not asked
 * @param rules every rule of the direction by name, narrowed by what the specs require
 */
public record Ruling(boolean isolated, List<Rule> rules) {
  /** Keeps an immutable copy. */
  public Ruling {
    rules = List.copyOf(rules);
  }

  /** What the specs say. */
  static Ruling of(List<PolicySpec> specs, Direction direction) {
    Map<Section, List<Selector>> conditions =
        specs.stream()
            .flatMap(s -> s.requires().stream())
            .collect(
                Collectors.groupingBy(
                    Requires::section,
                    () -> new EnumMap<>(Section.class),
                    Collectors.mapping(Requires::selector, Collectors.toList())));
    List<Rule> rules =
        specs.stream()
            .flatMap(s -> s.rules().stream())
            .filter(r -> r.direction() == direction)
            .sorted(Comparator.comparing(Rule::reference))
            .map(r -> r.narrowed(conditions.getOrDefault(r.reference().section(), List.of())))
            .toList();
    return new Ruling(specs.stream().anyMatch(s -> s.enforces(direction)), rules);
  }
}
