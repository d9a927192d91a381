package io.sekisho.agent.health;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What is wrong with the agent now, by component. Every part reports its own trouble and clears it
 * when it is over; any thread may.
 */
public final class Health {
  private static final System.Logger LOG = System.getLogger(Health.class.getName());

  private final Clock clock;
  private final Map<String, Problem> problems = new ConcurrentSkipListMap<>();

  /** Nothing is wrong yet. */
  public Health(Clock clock) {
    this.clock = clock;
  }

  /**
   * Something that is wrong.
   *
   * @param component which part, for example {@code endpoint 12}
   * @param message one sentence
   * @param since when it began
   */
  public record Problem(String component, String message, Instant since) {}

  /** A component is in trouble until {@link #clear}; the same message again changes nothing. */
  public void report(String component, String message) {
    Problem before = problems.get(component);
    if (before == null || !before.message().equals(message)) {
      LOG.log(System.Logger.Level.WARNING, "{0}: {1}", component, message);
      problems.put(component, new Problem(component, message, clock.instant()));
    }
  }

  /** A component works again. */
  public void clear(String component) {
    if (problems.remove(component) != null) {
      LOG.log(System.Logger.Level.INFO, "{0}: works again", component);
    }
  }

  /** What is wrong now, by component. */
  public List<Problem> problems() {
    return List.copyOf(problems.values());
  }
}
