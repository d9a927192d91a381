package io.sekisho.console.path;

import io.sekisho.api.v1.PathDrop;
import io.sekisho.api.v1.PathHop;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.console.ui.Format;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Words about a path. */
final class PathWords {
  private PathWords() {}

  static String kind(PathHop hop) {
    return switch (hop.getKind()) {
      case POD -> Texts.hop_pod;
      case ENDPOINT_PROGRAM -> Texts.hop_endpoint;
      case OVERLAY -> Texts.hop_overlay;
      case UNDERLAY -> Texts.hop_underlay;
      case MASQUERADE -> Texts.hop_masquerade;
      case UPLINK -> Texts.hop_uplink;
      case OUTSIDE -> Texts.hop_outside;
      case PATH_HOP_KIND_UNKNOWN, UNRECOGNIZED -> Format.UNKNOWN;
    };
  }

  /** The largest packet that passes everywhere: {@code , MTU 1,450}; empty where unknown. */
  static String mtu(List<PathHop> hops) {
    OptionalInt least = hops.stream().mapToInt(PathHop::getMtu).filter(m -> m > 0).min();
    return least.isPresent() ? Texts.bind(Texts.summary_mtu, Format.count(least.getAsInt())) : "";
  }

  /** The rule as operators know it: {@code shop/payment-in:2}; empty where no document decided. */
  static Optional<String> rule(PathDrop drop) {
    RuleRef rule = drop.getRule();
    if (rule.getName().isEmpty()) {
      return Optional.empty();
    }
    String namespace = rule.getNamespace().isEmpty() ? "" : rule.getNamespace() + "/";
    return Optional.of(namespace + rule.getName() + ":" + rule.getIndex());
  }

  /** {@code policy denied by shop/payment-in:2}. */
  static String why(PathDrop drop) {
    String reason =
        drop.getReason().isEmpty()
            ? Texts.drop_unknown
            : drop.getReason().toLowerCase(Locale.ROOT).replace('_', ' ');
    if (drop.getRule().getId() == RuleRef.Reserved.DEFAULT_DENY_VALUE) {
      return Texts.bind(Texts.drop_default, reason);
    }
    return rule(drop).map(r -> Texts.bind(Texts.drop_rule, reason, r)).orElse(reason);
  }
}
