package io.sekisho.agent.policy;

import io.sekisho.policy.BlockLabels;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Rule;
import io.sekisho.policy.compile.PolicyTable;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whose tables some peers, which come or go, may have entries of their own in. */
final class Meaning {
  private final Set<Identity> peers;
  private final Map<Asked, Boolean> known = new HashMap<>();

  private record Asked(PolicySpec spec, boolean ingressTogether, boolean egressTogether) {}

  Meaning(Set<Identity> peers) {
    this.peers = Set.copyOf(peers);
  }

  /**
   * Whether an entry of one of the peers may come of the specs: selectors may still be narrowed by
   * other specs, and names of ports give entries of their own even where all peers are meant.
   *
   * @param table what was made of the specs: tells where pods stand together
   */
  boolean concerns(List<PolicySpec> specs, PolicyTable table) {
    boolean narrowed = specs.stream().anyMatch(spec -> !spec.requires().isEmpty());
    boolean ingress = !narrowed && table.holdsPodsTogether(false);
    boolean egress = !narrowed && table.holdsPodsTogether(true);
    return specs.stream()
        .map(spec -> new Asked(spec, ingress, egress))
        .anyMatch(asked -> known.computeIfAbsent(asked, this::means));
  }

  private boolean means(Asked asked) {
    var together = new EnumMap<Direction, Boolean>(Direction.class);
    together.put(Direction.INGRESS, asked.ingressTogether());
    together.put(Direction.EGRESS, asked.egressTogether());
    return asked.spec().rules().stream()
        .anyMatch(rule -> means(rule, together.getOrDefault(rule.direction(), false)));
  }

  private boolean means(Rule rule, boolean together) {
    boolean named = !rule.named().isEmpty();
    return rule.peers().stream()
        .filter(peer -> !peer.matchesAll() || named)
        .anyMatch(peer -> any(peer, together && !named && peer.matchesEveryPod()));
  }

  private boolean any(Peer peer, boolean besidesPods) {
    return peers.stream()
        .anyMatch(i -> isMeant(i, peer) && !(besidesPods && Identity.isPod(i.number())));
  }

  private static boolean isMeant(Identity identity, Peer peer) {
    return Identity.isBlock(identity.number())
        ? BlockLabels.block(identity.labels()).filter(peer::covers).isPresent()
        : peer.matches(identity);
  }
}
