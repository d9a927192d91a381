package io.sekisho.agent.reconcile;

import io.sekisho.policy.Documents;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Documents by their texts, so that only what is new is parsed, and what is not stays the same
 * object. Belongs to the event loop.
 */
final class ParsedDocuments {
  private Map<String, List<PolicyDocument>> known = Map.of();

  /** All documents of the texts; with an error, nothing is remembered. */
  Parsed parse(List<String> texts) {
    var fresh = new LinkedHashSet<>(texts);
    fresh.removeAll(known.keySet());
    var next = new HashMap<String, List<PolicyDocument>>();
    for (String text : fresh) {
      Parsed parsed = Documents.parse(List.of(text));
      if (parsed.hasErrors()) {
        return parsed;
      }
      next.put(text, parsed.documents());
    }
    var all = new ArrayList<PolicyDocument>();
    for (String text : texts) {
      all.addAll(next.computeIfAbsent(text, t -> known.getOrDefault(t, List.of())));
    }
    known = Map.copyOf(next);
    return new Parsed(all, List.of(), List.of());
  }
}
