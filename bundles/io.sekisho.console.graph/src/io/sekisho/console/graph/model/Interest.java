package io.sekisho.console.graph.model;

import io.sekisho.flow.Party;
import io.sekisho.flow.ServiceGraph;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which workloads an operator wants to see first: trouble outweighs any rate, and what is shown
 * already outweighs what is a little busier, so that a picture does not flicker.
 */
final class Interest {
  private static final double SICK = 1e8;
  private static final double DROPS = 1e7;
  private static final double OUTSIDE = 1e3;
  private static final double SHOWN_ALREADY = 3;
  private final Map<String, Double> scores = new HashMap<>();
  private final Set<String> troubled = new HashSet<>();

  Interest(ServiceGraph graph, Set<String> shown) {
    for (ServiceGraph.Node n : graph.nodes()) {
      boolean sick = n.pods() > 0 && n.ready() < n.pods();
      if (sick) {
        troubled.add(n.party().key());
      }
      double base = n.party().kind() == Party.Kind.OUTSIDE ? OUTSIDE : 0;
      scores.put(n.party().key(), base + (sick ? SICK : 0));
    }
    for (ServiceGraph.Edge e : graph.edges()) {
      boolean drops = e.droppedRate() > 0 && !e.stale();
      double score = e.forwardedRate() + e.droppedRate() + e.auditedRate() + (drops ? DROPS : 0);
      for (String key : new String[] {e.clientKey(), e.serverKey()}) {
        scores.merge(key, score, Double::sum);
        if (drops) {
          troubled.add(key);
        }
      }
    }
    shown.forEach(key -> scores.computeIfPresent(key, (k, s) -> (s + 1) * SHOWN_ALREADY));
  }

  /** Higher is shown first. */
  double of(String key) {
    return scores.getOrDefault(key, 0.0);
  }

  boolean troubled(String key) {
    return troubled.contains(key);
  }
}
