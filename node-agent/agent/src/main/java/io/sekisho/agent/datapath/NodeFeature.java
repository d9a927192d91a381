package io.sekisho.agent.datapath;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Something that the dataplane needs or wants of the kernel, and whether it is there: found by
 * trying.
 *
 * @param name for example {@code TCX}
 * @param presence whether it is there
 * @param purpose what it does for us, without a subject: "carries events to the agent"
 * @param since first Linux version that has it
 * @param fallback what is done without it; empty if nothing can be done, that is, if it is needed
 */
public record NodeFeature(
    String name, Presence presence, String purpose, String since, Optional<String> fallback) {

  /** Whether a feature is there. */
  public enum Presence {
    PRESENT,
    MISSING,
    /** It could not be tried, for example for lack of permission. */
    UNKNOWN
  }

  /** Whether nothing can be done without it. */
  public boolean needed() {
    return fallback.isEmpty();
  }

  /** Whether it is certainly not there. */
  public boolean missing() {
    return presence == Presence.MISSING;
  }

  /** What it means that it is not there: for who lacks it. */
  public String explain() {
    return "no %s, which %s (Linux has it since %s)%s"
        .formatted(name, purpose, since, fallback.map(f -> "; instead: " + f).orElse(""));
  }

  /** Whether a node with this routing cannot do without it. */
  public boolean neededBy(Routing routing) {
    return needed() || routing.isOverlay() && name.equals(routing.name());
  }

  /**
   * One sentence on all that a node with this routing needs and that is certainly not there; empty
   * if that is nothing.
   */
  public static Optional<String> lack(List<NodeFeature> features, Routing routing) {
    String lack =
        features.stream()
            .filter(feature -> feature.neededBy(routing) && feature.missing())
            .map(NodeFeature::explain)
            .collect(Collectors.joining("; "));
    return Optional.of(lack).filter(text -> !text.isEmpty());
  }
}
