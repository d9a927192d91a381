package io.sekisho.policy;

/**
 * How a spec stands to others.
 *
 * @param tier which tier it belongs to
 * @param priority place in its tier, 0 (first) to {@link #LAST}; 0 in the normal tier, which has no
 *     order
 * @param audit whether it is not in force: what it alone would drop passes and is reported
 */
public record Standing(Tier tier, int priority, boolean audit) {
  /** The last priority of a tier. */
  public static final int LAST = 1000;

  /** A policy in force, without order among others. */
  public static final Standing NORMAL = new Standing(Tier.NORMAL, 0, false);

  /** Rejects priorities that do not exist. */
  public Standing {
    if (priority < 0 || priority > LAST) {
      throw new IllegalArgumentException("no priority: " + priority);
    }
  }
}
