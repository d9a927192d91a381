package io.sekisho.policy.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rules by the ports that they name; says which one decides at a place. */
final class Places {
  private final Map<Ports, List<Match>> matches = new HashMap<>();
  private final boolean isolated;

  Places(Collection<Use> uses, boolean isolated) {
    this.isolated = isolated;
    for (Use use : uses) {
      for (Ports part : use.parts) {
        matches.computeIfAbsent(part, p -> new ArrayList<>(2)).add(use.at(part));
      }
    }
  }

  /** The ports that rules name. */
  Set<Ports> all() {
    return matches.keySet();
  }

  boolean isolated() {
    return isolated;
  }

  /** The rule that decides on ports of a place that no smaller place holds. */
  Optional<Match> deciding(Ports place) {
    var found = new ArrayList<Match>();
    for (int depth = 0; depth <= place.depth(); depth++) {
      found.addAll(matches.getOrDefault(place.outer(depth), List.of()));
    }
    return Match.deciding(found, isolated);
  }
}
