package io.sekisho.console.core.kubernetes;

import java.util.List;
import java.util.Optional;

/**
 * What applying documents would do, as the API server says after a dry run of each.
 *
 * @param steps in the order in which they are done
 */
public record Plan(List<Step> steps) {
  /** What a step does. */
  public enum Change {
    CREATE,
    CHANGE,
    SAME,
    REMOVE
  }

  /** A field that somebody else owns and that a step would change. */
  public record Conflict(String manager, String field) {}

  /**
   * One object.
   *
   * @param version of the object that was looked at; empty for a new one
   * @param live YAML as it is now; empty for a new one
   * @param after YAML as it would be; empty for one that goes
   * @param error why the API server refuses it
   */
  public record Step(
      ObjectRef ref,
      Change change,
      String version,
      String text,
      String live,
      String after,
      List<Conflict> conflicts,
      Optional<String> error) {
    public Step {
      conflicts = List.copyOf(conflicts);
    }
  }

  public Plan {
    steps = List.copyOf(steps);
  }

  /** Whether some field is somebody else's. */
  public boolean conflicts() {
    return steps.stream().anyMatch(s -> !s.conflicts().isEmpty());
  }

  /** Whether some step is refused. */
  public boolean refused() {
    return steps.stream().anyMatch(s -> s.error().isPresent());
  }
}
