package io.sekisho.agent.kubernetes;

import io.sekisho.policy.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private static final String HOLDS = "Holds";

  /** Of what does not count. */
  static Conditions wrong(String reason, String message, int nodes) {
    return new Conditions(false, reason, message, 0, nodes, Optional.empty());
  }

  /** Of what is enforced. */
  static Conditions policy(int realized, int nodes) {
    return new Conditions(true, "Valid", "it can be enforced", realized, nodes, Optional.empty());
  }

  /** Of what is proved. */
  static Conditions expectation(Optional<Proofs.Proved> proved) {
    return new Conditions(true, "Valid", "it can be proved", 0, 0, proved);
  }

  /** What makes a difference that is worth a write. */
  String text(long generation) {
    return generation + " " + this;
  }

  /** As they stand in an object's status. */
  List<Map<String, Object>> list(PolicyObject object, Instant now) {
    var common =
        Map.<String, Object>of(
            "observedGeneration",
            object.generation(),
            "lastTransitionTime",
            now.truncatedTo(ChronoUnit.SECONDS).toString());
    return List.of(
        condition(common, "Valid", word(valid), reason, message),
        object.kind() == Kind.EXPECTATION ? holds(common) : realized(common));
  }

  private Map<String, Object> realized(Map<String, Object> common) {
    boolean all = valid && realized == nodes;
    String sentence = "realized on " + realized + " of " + nodes + " nodes";
    return condition(common, "Realized", word(all), all ? "Realized" : "NotRealized", sentence);
  }

  private Map<String, Object> holds(Map<String, Object> common) {
    if (proved.isEmpty()) {
      return condition(common, HOLDS, "Unknown", "NotProved", "it was not proved yet");
    }
    Optional<String> broken = proved.get().broken();
    if (broken.isPresent()) {
      return condition(common, HOLDS, word(false), BROKEN, broken.get());
    }
    long pairs = proved.get().pairs();
    return pairs == 0
        ? condition(common, HOLDS, word(true), "MeansNobody", "nobody is meant")
        : condition(common, HOLDS, word(true), HOLDS, "it holds for " + pairs + " pairs");
  }

  private static String word(boolean truth) {
    return truth ? "True" : "False";
  }

  private static Map<String, Object> condition(
      Map<String, Object> common, String type, String status, String why, String sentence) {
    var out = new HashMap<>(common);
    out.put("type", type);
    out.put("status", status);
    out.put("reason", why);
    out.put("message", sentence);
    return out;
  }
}
