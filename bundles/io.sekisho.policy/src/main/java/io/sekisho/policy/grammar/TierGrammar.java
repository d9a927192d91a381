package io.sekisho.policy.grammar;

import static io.sekisho.policy.grammar.Selectors.LABEL_SELECTOR;
import static io.sekisho.policy.grammar.Shape.Plain.NUMBER;
import static io.sekisho.policy.grammar.Shape.items;
import static io.sekisho.policy.grammar.Shape.oneOf;
import static io.sekisho.policy.grammar.Shape.text;
import static io.sekisho.policy.grammar.Shape.texts;

import io.sekisho.policy.Direction;
import io.sekisho.policy.Kind;

/** The spec of the administrators' policies. */
public final class TierGrammar {
  private static final Shape PROTOCOL = oneOf("TCP", "UDP", "SCTP");

  /** Pods by the labels of their namespaces and their own. */
  public static final MapShape PODS =
      MapShape.of().with("namespaceSelector", LABEL_SELECTOR).with("podSelector", LABEL_SELECTOR);

  /** A subject, and a peer that sends. */
  public static final MapShape SOURCE =
      MapShape.of().with("namespaces", LABEL_SELECTOR).with("pods", PODS).ofOne();

  /** A peer that receives. */
  public static final MapShape DESTINATION =
      SOURCE.with("nodes", LABEL_SELECTOR).with("networks", texts()).notYet("domainNames");

  /** A range of ports. */
  public static final MapShape RANGE = MapShape.of().needs("start", NUMBER).needs("end", NUMBER);

  /** A port or a range of them. */
  public static final MapShape NUMBERS =
      MapShape.of().with("number", NUMBER).with("range", RANGE).ofOne();

  /** What a protocol may say. */
  public static final MapShape DESTINATION_PORT = MapShape.of().needs("destinationPort", NUMBERS);

  /** An item of {@code protocols}. */
  public static final MapShape PROTOCOLS =
      MapShape.of()
          .with("tcp", DESTINATION_PORT)
          .with("udp", DESTINATION_PORT)
          .with("sctp", DESTINATION_PORT)
          .with("destinationNamedPort", text())
          .ofOne();

  /** One port of the older kinds. */
  public static final MapShape PORT_NUMBER =
      MapShape.of().with("protocol", PROTOCOL).needs("port", NUMBER);

  /** A range of ports of the older kinds. */
  public static final MapShape PORT_RANGE =
      MapShape.of().with("protocol", PROTOCOL).needs("start", NUMBER).needs("end", NUMBER);

  /** An item of {@code ports}. */
  public static final MapShape PORTS =
      MapShape.of()
          .with("portNumber", PORT_NUMBER)
          .with("portRange", PORT_RANGE)
          .with("namedPort", text())
          .ofOne();

  private TierGrammar() {}

  /** How many rules a direction may have: {@code maxItems} of the kinds' own schemas. */
  public static int mostRules(Kind kind) {
    return kind == Kind.CLUSTER_NETWORK_POLICY ? 25 : 100;
  }

  /** The spec of a kind. */
  public static MapShape spec(Kind kind) {
    MapShape spec = MapShape.of();
    if (kind == Kind.CLUSTER_NETWORK_POLICY) {
      spec = spec.needs("tier", oneOf("Admin", "Baseline"));
    }
    if (kind != Kind.BASELINE_ADMIN_NETWORK_POLICY) {
      spec = spec.needs("priority", NUMBER);
    }
    return spec.needs("subject", SOURCE)
        .with("ingress", new Shape.Items(rule(kind, Direction.INGRESS), mostRules(kind)))
        .with("egress", new Shape.Items(rule(kind, Direction.EGRESS), mostRules(kind)));
  }

  /** A rule of a kind and a direction. */
  public static MapShape rule(Kind kind, Direction direction) {
    MapShape rule = MapShape.of().with("name", text());
    rule =
        switch (kind) {
          case CLUSTER_NETWORK_POLICY -> rule.needs("action", oneOf("Accept", "Deny", "Pass"));
          case ADMIN_NETWORK_POLICY -> rule.needs("action", oneOf("Allow", "Deny", "Pass"));
          default -> rule.needs("action", oneOf("Allow", "Deny"));
        };
    rule =
        direction == Direction.INGRESS
            ? rule.needs("from", items(SOURCE))
            : rule.needs("to", items(DESTINATION));
    return kind == Kind.CLUSTER_NETWORK_POLICY
        ? rule.with("protocols", items(PROTOCOLS))
        : rule.with("ports", items(PORTS));
  }
}
