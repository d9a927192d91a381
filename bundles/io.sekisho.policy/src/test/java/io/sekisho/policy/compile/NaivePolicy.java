package io.sekisho.policy.compile;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The reference: asks every rule of every document, and knows nothing of tables or indexes. */
record NaivePolicy(List<PolicyDocument> documents) {
  private Stream<PolicySpec> specs(Labels subject) {
    return documents.stream()
        .flatMap(d -> d.specs().stream())
        .filter(s -> s.subject().matches(subject));
  }

  /** Whether the connection passes, with the peer as an identity. */
  boolean allows(Labels subject, Identity peer, int protocol, int port, Direction direction) {
    return allows(subject, p -> p.matches(peer), protocol, port, direction);
  }

  /** Whether the connection passes, with the peer as an address outside of the cluster. */
  boolean allowsOutside(Labels subject, Cidr address, int protocol, int port, Direction direction) {
    return allows(subject, p -> outside(p, address), protocol, port, direction);
  }

  private static boolean outside(Peer peer, Cidr address) {
    return switch (peer) {
      case Peer.Endpoints endpoints -> endpoints.selector().matches(Identity.WORLD.labels());
      case Peer.Group group -> group.entity().matches(Identity.WORLD.labels());
      case Peer.Prefix prefix ->
          covers(prefix.cidr(), address)
              && prefix.except().stream().noneMatch(e -> covers(e, address));
    };
  }

  private static boolean covers(Cidr prefix, Cidr address) {
    return prefix.isV4() == address.isV4() && prefix.contains(address);
  }

  private boolean allows(
      Labels subject, Predicate<Peer> peer, int protocol, int port, Direction direction) {
    if (specs(subject).noneMatch(s -> s.enforces(direction))) {
      return true;
    }
    List<Rule> matching =
        specs(subject)
            .flatMap(s -> s.rules().stream())
            .filter(r -> r.direction() == direction)
            .filter(r -> r.peers().stream().anyMatch(peer))
            .filter(r -> r.ports().stream().anyMatch(p -> p.contains(protocol, port)))
            .toList();
    return !matching.isEmpty() && matching.stream().noneMatch(Rule::deny);
  }

  /**
   * The lookup of the datapath: the longest match for the peer, the longest for any peer, and of
   * both the one with the higher precedence.
   */
  static Optional<PolicyEntry> lookup(
      PolicyTable table, int identity, int protocol, int port, boolean egress) {
    Optional<PolicyEntry> named = longest(table, identity, protocol, port, egress);
    Optional<PolicyEntry> any = longest(table, 0, protocol, port, egress);
    if (named.isEmpty() || any.isEmpty()) {
      return named.or(() -> any);
    }
    return named.get().precedence() >= any.get().precedence() ? named : any;
  }

  private static Optional<PolicyEntry> longest(
      PolicyTable table, int identity, int protocol, int port, boolean egress) {
    PolicyEntry best = null;
    int longest = -1;
    for (var entry : table.entries().entrySet()) {
      PolicyKey key = entry.getKey();
      boolean l4 =
          key.protocol() == 0
              || (key.protocol() == protocol
                  && new PortRange.Prefix(key.port(), key.portPrefixLength()).contains(port));
      int length = key.protocol() == 0 ? 0 : 8 + key.portPrefixLength();
      if (key.identity() == identity && key.egress() == egress && l4 && length > longest) {
        longest = length;
        best = entry.getValue();
      }
    }
    return Optional.ofNullable(best);
  }
}
