package io.sekisho.agent.kubernetes;

import io.sekisho.policy.Kind;
import java.util.List;
import java.util.Optional;

/**
 * The conditions for what an object says now.
 *
 * @param valid whether it counts
 * @param reason one word of why or why not
 * @param message a sentence
 * @param realized on how many nodes
 * @param nodes of so many
 * @param proved of an expectation that counts and was proved
 */
record Conditions(
    boolean valid,
    String reason,
    String message,
    int realized,
    int nodes,
    Optional<Proofs.Proved> proved) {
  /** The reason of an expectation that does not hold. */
  static final String BROKEN = "Broken";

  /** The reason of what counts, and is probably not meant so. */
  static final String WARNED = "Warned";

  private static final String HOLDS = "Holds";
  private static final Optional<Proofs.Proved> NOT_PROVED = Optional.empty();

  /** Of what does not count. */
  static Conditions wrong(String reason, String message, int nodes) {
    return new Conditions(false, reason, message, 0, nodes, NOT_PROVED);
  }

  /**
   * Of what is enforced.
   *
   * @param warning what is suspicious in it; empty if nothing is
   */
  static Conditions policy(String warning, int realized, int nodes) {
    return new Conditions(
        true, reason(warning), "it can be enforced" + after(warning), realized, nodes, NOT_PROVED);
  }

  /**
   * Of what is proved.
   *
   * @param warning what is suspicious in it; empty if nothing is
   */
  static Conditions expectation(String warning, Optional<Proofs.Proved> proved) {
    return new Conditions(true, reason(warning), "it can be proved" + after(warning), 0, 0, proved);
  }

  private static String reason(String warning) {
    return warning.isEmpty() ? "Valid" : WARNED;
  }

  private static String after(String warning) {
    return warning.isEmpty() ? "" : "; warning: " + warning;
  }

  /** As they shall stand in an object's status. */
  List<Condition> list(PolicyObject object) {
    long generation = object.generation();
    return List.of(
        new Condition("Valid", word(valid), reason, message, generation),
        object.kind() == Kind.EXPECTATION ? holds(generation) : realized(generation));
  }

  private Condition realized(long generation) {
    boolean all = valid && realized == nodes;
    String sentence = "realized on " + realized + " of " + nodes + " nodes";
    return new Condition(
        "Realized", word(all), all ? "Realized" : "NotRealized", sentence, generation);
  }

  private Condition holds(long generation) {
    if (proved.isEmpty()) {
      return new Condition(HOLDS, "Unknown", "NotProved", "it was not proved yet", generation);
    }
    Optional<String> broken = proved.get().broken();
    if (broken.isPresent()) {
      return new Condition(HOLDS, word(false), BROKEN, broken.get(), generation);
    }
    long pairs = proved.get().pairs();
    return pairs == 0
        ? new Condition(HOLDS, word(true), "MeansNobody", "nobody is meant", generation)
        : new Condition(HOLDS, word(true), HOLDS, "it holds for " + pairs + " pairs", generation);
  }

  private static String word(boolean truth) {
    return truth ? "True" : "False";
  }
}
