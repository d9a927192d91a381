package io.sekisho.policy;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One rule: which peers, on which ports; whether that is allowed or denied says its section.
 *
 * @param reference its name
 * @param peers any of these; none at all if empty
 * @param ports any of these; none at all if empty
 */
public record Rule(RuleReference reference, List<Peer> peers, List<PortRange> ports) {
  /** Keeps immutable copies. */
  public Rule {
    peers = List.copyOf(peers);
    ports = List.copyOf(ports);
  }

  /** Whether traffic that matches is dropped. */
  public boolean deny() {
    return reference.section().deny();
  }

  /** Which way the rule looks. */
  public Direction direction() {
    return reference.section().direction();
  }

  /**
   * What the rule says, the same for the same meaning however it was written down; part of the
   * content that rule ids are made of.
   */
  public String canonicalText() {
    return peers.stream().map(Peer::toString).sorted().distinct().collect(Collectors.joining("|"))
        + " on "
        + ports.stream()
            .sorted()
            .distinct()
            .map(PortRange::toString)
            .collect(Collectors.joining(","));
  }
}
