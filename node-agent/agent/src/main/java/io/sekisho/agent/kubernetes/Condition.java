package io.sekisho.agent.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One condition of an object, as the conventions of the API have them.
 *
 * @param status True, False or Unknown
 * @param reason one word of why
 * @param message a sentence
 * @param generation of the object that this was observed of
 */
record Condition(String type, String status, String reason, String message, long generation) {
  private static final String SINCE = "lastTransitionTime";
  private static final String GENERATION = "observedGeneration";

  /**
   * A condition in an object's status.
   *
   * @param since when its status was another one last, RFC 3339
   */
  record Stamped(Condition condition, String since) {
    /** As it stands in an object. */
    static Stamped of(Map<?, ?> fields) {
      long generation = fields.get(GENERATION) instanceof Number number ? number.longValue() : 0;
      return new Stamped(
          new Condition(
              Fields.text(fields, "type"),
              Fields.text(fields, "status"),
              Fields.text(fields, "reason"),
              Fields.text(fields, "message"),
              generation),
          Fields.text(fields, SINCE));
    }

    /** Whether the same is said, whenever. */
    boolean says(Condition other) {
      return condition.equals(other);
    }

    /** As it shall stand in an object. */
    Map<String, Object> fields() {
      var out = new LinkedHashMap<String, Object>();
      out.put("type", condition.type());
      out.put("status", condition.status());
      out.put(GENERATION, condition.generation());
      out.put(SINCE, since);
      out.put("reason", condition.reason());
      out.put("message", condition.message());
      return out;
    }
  }
}
