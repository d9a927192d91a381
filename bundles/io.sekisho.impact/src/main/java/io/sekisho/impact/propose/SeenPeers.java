package io.sekisho.impact.propose;

import io.sekisho.impact.seen.End;
import io.sekisho.impact.seen.Talk;
import io.sekisho.impact.seen.Traffic;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Entity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PortRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who was seen at the other end of subjects in one direction, on which ports, and how often. */
final class SeenPeers {
  private static final List<Entity> GROUPS =
      List.of(
          Entity.KUBE_APISERVER,
          Entity.HOST,
          Entity.REMOTE_NODE,
          Entity.HEALTH,
          Entity.INIT,
          Entity.UNMANAGED);

  private final Wish wish;
  private final Set<Labels> subjects;
  private final Direction direction;
  private final Map<Peer, Seen> peers = new LinkedHashMap<>();
  private long dropped;
  private long unclear;
  private long ownNode;

  /** Of one peer: flows by port, and the names of its workloads. */
  record Seen(Map<PortRange, Long> flows, Set<String> names) {
    long all() {
      return flows.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  SeenPeers(Wish wish, Set<Labels> subjects, Direction direction, Traffic traffic) {
    this.wish = wish;
    this.subjects = subjects;
    this.direction = direction;
    traffic.talks().forEach(this::add);
  }

  private void add(Talk talk) {
    boolean egress = direction == Direction.EGRESS;
    End subject = egress ? talk.client() : talk.server();
    End other = egress ? talk.server() : talk.client();
    if (!(subject instanceof End.Known known) || !subjects.contains(known.labels())) {
      return;
    }
    if (!talk.isClear() || !Ports.canBeNamed(talk.protocol())) {
      unclear += talk.flows();
      return;
    }
    if (talk.passed() == 0 && !wish.dropped()) {
      dropped += talk.flows();
      return;
    }
    if (!egress && other instanceof End.Known node && node.isOwnNode()) {
      ownNode += talk.flows();
      return;
    }
    Optional<Peer> peer = peer(other);
    if (peer.isEmpty()) {
      unclear += talk.flows();
      return;
    }
    Seen seen = peers.computeIfAbsent(peer.get(), p -> new Seen(new TreeMap<>(), new TreeSet<>()));
    long flows = wish.dropped() ? talk.flows() : talk.flows() - talk.denied() - talk.dropped();
    seen.flows().merge(Ports.one(talk.protocol(), talk.port()), flows, Long::sum);
    seen.names().add(other.name());
  }

  private Optional<Peer> peer(End end) {
    return switch (end) {
      case End.Known known when !known.labels().namespace().isEmpty() ->
          Optional.of(new Peer.Pods(known.labels().namespace(), WorkloadLabels.of(known.labels())));
      case End.Known known -> group(known.labels()).map(Peer.Group::new);
      case End.Outside outside -> Optional.of(new Peer.Net(prefix(Cidr.of(outside.address()))));
      case End.Unknown unknown -> Optional.empty();
    };
  }

  /** The group that reserved labels belong to, the narrowest first. */
  static Optional<Entity> group(Labels labels) {
    return GROUPS.stream().filter(e -> e.matches(labels)).findFirst();
  }

  private Cidr prefix(Cidr address) {
    int length = address.isV4() ? 96 + wish.widthV4() : wish.widthV6();
    return Cidr.of(address.bytes(), length);
  }

  Map<Peer, Seen> peers() {
    return peers;
  }

  /** Flows that were dropped and are not allowed. */
  long dropped() {
    return dropped;
  }

  /** Flows of which no rule can be made. */
  long unclear() {
    return unclear;
  }

  /** Flows from the endpoints' own node, which always passes. */
  long ownNode() {
    return ownNode;
  }

  long flows() {
    return peers.values().stream().mapToLong(Seen::all).sum();
  }
}
