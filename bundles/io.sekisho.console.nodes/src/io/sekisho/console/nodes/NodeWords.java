package io.sekisho.console.nodes;

import io.sekisho.api.v1.MapPressure;
import io.sekisho.api.v1.Node;
import io.sekisho.console.ui.Format;
import java.util.Comparator;
import java.util.Optional;

/** Words about a node. */
final class NodeWords {
  private static final double TIGHT = 0.8;

  private NodeWords() {}

  static String state(Node node) {
    return switch (node.getState()) {
      case READY -> Texts.state_ready;
      case DEGRADED -> Texts.state_degraded;
      case GONE -> Texts.state_gone;
      default -> Texts.state_unknown;
    };
  }

  /**
   * For a narrow column: "ok", the share of the fullest map where that is the trouble, the state.
   */
  static String shortState(Node node) {
    Optional<MapPressure> fullest = fullest(node);
    if (fullest.isPresent() && share(fullest.get()) >= TIGHT) {
      return Format.share(share(fullest.get()));
    }
    return switch (node.getState()) {
      case READY -> Texts.ok;
      default -> state(node);
    };
  }

  static Optional<MapPressure> fullest(Node node) {
    return node.getMapsList().stream()
        .filter(m -> m.getCapacity() > 0)
        .max(Comparator.comparingDouble(NodeWords::share));
  }

  static double share(MapPressure map) {
    return (double) map.getEntries() / map.getCapacity();
  }

  static String pressure(Node node) {
    return fullest(node)
        .map(m -> m.getName() + " " + Format.share(share(m)))
        .orElse(Format.UNKNOWN);
  }
}
