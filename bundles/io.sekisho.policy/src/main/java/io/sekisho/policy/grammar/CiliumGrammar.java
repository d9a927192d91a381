package io.sekisho.policy.grammar;

import static io.sekisho.policy.grammar.Selectors.LABEL_SELECTOR;
import static io.sekisho.policy.grammar.Shape.Plain.NUMBER_OR_TEXT;
import static io.sekisho.policy.grammar.Shape.Plain.TRUTH;
import static io.sekisho.policy.grammar.Shape.items;
import static io.sekisho.policy.grammar.Shape.oneOf;
import static io.sekisho.policy.grammar.Shape.text;
import static io.sekisho.policy.grammar.Shape.texts;

import io.sekisho.policy.Direction;
import java.util.Locale;

/** The spec of Cilium's policies. */
public final class CiliumGrammar {
  /** An item of {@code fromCIDRSet} and {@code toCIDRSet}. */
  public static final MapShape PREFIX_SET =
      Selectors.PREFIX.notYet("cidrGroupRef", "cidrGroupSelector");

  /** An item of a list of ports. */
  public static final MapShape PORT =
      MapShape.of()
          .needs("port", NUMBER_OR_TEXT)
          .with("endPort", NUMBER_OR_TEXT)
          .with("protocol", oneOf("TCP", "UDP", "SCTP", "ANY"));

  /** An item of {@code toPorts}. */
  public static final MapShape TO_PORTS =
      MapShape.of()
          .with("ports", items(PORT))
          .notYet("rules", "terminatingTLS", "originatingTLS", "serverNames", "listener");

  /** A type of ICMP messages. */
  public static final MapShape ICMP_TYPE =
      MapShape.of().with("family", oneOf("IPv4", "IPv6")).needs("type", NUMBER_OR_TEXT);

  /** An item of {@code icmps}. */
  public static final MapShape ICMPS = MapShape.of().with("fields", items(ICMP_TYPE));

  /** A service by its name. */
  public static final MapShape SERVICE_BY_NAME =
      MapShape.of().needs("serviceName", text()).with("namespace", text());

  /** Services by their labels. */
  public static final MapShape SERVICE_BY_LABELS =
      MapShape.of().needs("selector", LABEL_SELECTOR).with("namespace", text());

  /** An item of {@code toServices}. */
  public static final MapShape SERVICE =
      MapShape.of()
          .with("k8sService", SERVICE_BY_NAME)
          .with("k8sServiceSelector", SERVICE_BY_LABELS)
          .ofOne();

  /** A label of a rule, for people. */
  public static final MapShape LABEL =
      MapShape.of().needs("key", text()).with("value", text()).with("source", text());

  /** What {@code enableDefaultDeny} may say. */
  public static final MapShape DEFAULT_DENY =
      MapShape.of().with("ingress", TRUTH).with("egress", TRUTH);

  /** One spec. */
  public static final MapShape SPEC =
      MapShape.of()
          .with("endpointSelector", LABEL_SELECTOR)
          .with("nodeSelector", LABEL_SELECTOR)
          .with("ingress", items(rule(Direction.INGRESS)))
          .with("egress", items(rule(Direction.EGRESS)))
          .with("ingressDeny", items(rule(Direction.INGRESS)))
          .with("egressDeny", items(rule(Direction.EGRESS)))
          .with("enableDefaultDeny", DEFAULT_DENY)
          .with("description", text())
          .with("labels", items(LABEL))
          .notYet("log")
          .check(
              "has(self.endpointSelector) != has(self.nodeSelector)",
              "a spec has one of endpointSelector, nodeSelector")
          .check(
              "has(self.ingress) || has(self.egress) || has(self.ingressDeny)"
                  + " || has(self.egressDeny) || has(self.enableDefaultDeny)",
              "the spec says nothing");

  private CiliumGrammar() {}

  /** The peers that a rule of a direction can name, each in a field of its own. */
  public static MapShape peers(Direction direction) {
    String side = side(direction);
    MapShape peers =
        MapShape.of()
            .with(side + "Endpoints", items(LABEL_SELECTOR))
            .with(side + "Entities", texts())
            .with(side + "CIDR", texts())
            .with(side + "CIDRSet", items(PREFIX_SET))
            .with(side + "Nodes", items(LABEL_SELECTOR));
    return direction == Direction.EGRESS ? peers.with("toServices", items(SERVICE)) : peers;
  }

  /** A rule of a direction. */
  public static MapShape rule(Direction direction) {
    String side = side(direction);
    MapShape rule =
        peers(direction)
            .with(side + "Requires", items(LABEL_SELECTOR))
            .with("toPorts", items(TO_PORTS))
            .with("icmps", items(ICMPS))
            .notYet(side + "Groups", "authentication");
    return direction == Direction.EGRESS ? rule.notYet("toFQDNs") : rule;
  }

  /** The word that fields of a direction's peers begin with. */
  public static String side(Direction direction) {
    return switch (direction) {
      case INGRESS -> "from";
      case EGRESS -> "to";
    };
  }

  /** The name of a direction in {@link #DEFAULT_DENY}. */
  public static String word(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }
}
