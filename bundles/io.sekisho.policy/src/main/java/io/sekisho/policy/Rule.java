package io.sekisho.policy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One rule: which peers, on which ports, and what becomes of that traffic.
 *
 * @param reference its name
 * @param standing that of its spec
 * @param action what becomes of the traffic
 * @param peers any of these; none at all if empty
 * @param ports any of these
 * @param named or any of these; with neither, no port at all
 */
public record Rule(
    RuleReference reference,
    Standing standing,
    Action action,
    List<Peer> peers,
    List<PortRange> ports,
    List<NamedPort> named) {
  /** Keeps immutable copies. */
  public Rule {
    peers = List.copyOf(peers);
    ports = List.copyOf(ports);
    named = List.copyOf(named);
  }

  /** Whether traffic that matches is dropped. */
  public boolean deny() {
    return action == Action.DENY;
  }

  /** Which way the rule looks. */
  public Direction direction() {
    return reference.section().direction();
  }

  /** The ports, with names as the endpoint which serves gives them. */
  public List<PortRange> portsAt(Labels server) {
    if (named.isEmpty()) {
      return ports;
    }
    return Stream.concat(ports.stream(), named.stream().flatMap(n -> n.at(server, action).stream()))
        .distinct()
        .toList();
  }

  /** The same rule, its selectors of endpoints narrowed by conditions. */
  public Rule narrowed(List<Selector> conditions) {
    if (conditions.isEmpty()) {
      return this;
    }
    List<Peer> narrow = peers.stream().map(p -> p.narrowed(conditions)).toList();
    return new Rule(reference, standing, action, narrow, ports, named);
  }

  /**
   * What the rule says, the same for the same meaning however it was written down; part of the
   * content that rule ids are made of.
   */
  public String canonicalText() {
    String text =
        peers.stream().map(Peer::toString).sorted().distinct().collect(Collectors.joining("|"))
            + " on "
            + Stream.concat(
                    ports.stream().sorted().distinct().map(PortRange::toString),
                    named.stream().sorted().distinct().map(n -> "named " + n))
                .collect(Collectors.joining(","));
    return standing.tier() == Tier.NORMAL ? text : action + " " + text;
  }
}
