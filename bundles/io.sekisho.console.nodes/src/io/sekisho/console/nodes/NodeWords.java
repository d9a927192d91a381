package io.sekisho.console.nodes;

import io.sekisho.api.v1.MapPressure;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.Ping;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.NodeTroubles;
import io.sekisho.console.ui.PingWords;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;

/** Words about a node. */
final class NodeWords {
  /** From this share on a map is tight: the agent says so, too. */
  static final double TIGHT = 0.8;

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
        .map(m -> Format.share(share(m)) + "  " + m.getName())
        .orElse(Format.UNKNOWN);
  }

  static String routing(Node node) {
    return switch (node.getRouting()) {
      case "vxlan" -> Texts.routing_vxlan;
      case "geneve" -> Texts.routing_geneve;
      case "native" -> Texts.routing_native;
      default -> orUnknown(node.getRouting());
    };
  }

  static String orUnknown(String text) {
    return text.isEmpty() ? Format.UNKNOWN : text;
  }

  static String mtu(int bytes) {
    return bytes == 0 ? Format.UNKNOWN : Format.count(bytes);
  }

  /** The slowest way's median, ns; empty where nothing was measured. */
  static OptionalLong worst(Node node) {
    return node.getProbesList().stream()
        .flatMap(NodeTroubles::pings)
        .filter(Ping::hasRttNs)
        .mapToLong(Ping::getRttNs)
        .max();
  }

  /** The worst way's loss, 0 to 1; NaN where nothing was sent. */
  static double loss(Node node) {
    return node.getProbesList().stream()
        .flatMap(NodeTroubles::pings)
        .mapToDouble(PingWords::loss)
        .filter(l -> !Double.isNaN(l))
        .max()
        .orElse(Double.NaN);
  }
}
