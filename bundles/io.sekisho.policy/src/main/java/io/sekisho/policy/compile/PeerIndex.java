package io.sekisho.policy.compile;

import io.sekisho.policy.BlockLabels;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Peer;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Requirement.Operator;
import io.sekisho.policy.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The identities that peers of rules are looked for in, and the prefixes of blocks, which stand
 * beside them and are nobody's identity. Answers are remembered, so that one index serves all
 * endpoints of a node: build a new one when identities change. Safe for several threads.
 */
public final class PeerIndex {
  private final List<Identity> all;
  private final Map<String, List<Identity>> byLabel = new HashMap<>();
  private final TreeMap<Cidr, List<Identity>> byCidr = new TreeMap<>();
  private final Map<Peer, List<Identity>> answers = new ConcurrentHashMap<>();
  private final Map<Peer, List<Identity>> others = new ConcurrentHashMap<>();

  private final TreeMap<Cidr, Integer> blocks = new TreeMap<>();
  private final Map<Peer, List<Integer>> covered = new ConcurrentHashMap<>();

  private PeerIndex(Collection<Identity> identities) {
    all = identities.stream().filter(i -> !Identity.isBlock(i.number())).toList();
    identities.stream()
        .filter(i -> Identity.isBlock(i.number()))
        .forEach(i -> BlockLabels.block(i.labels()).ifPresent(c -> blocks.put(c, i.number())));
    for (Identity identity : all) {
      for (var label : identity.labels().asMap().entrySet()) {
        byLabel
            .computeIfAbsent(word(label.getKey(), label.getValue()), k -> new ArrayList<>())
            .add(identity);
      }
      CidrLabels.cidr(identity.labels())
          .ifPresent(c -> byCidr.computeIfAbsent(c, k -> new ArrayList<>()).add(identity));
    }
  }

  /** An index of the identities, which are copied. */
  public static PeerIndex of(Collection<Identity> identities) {
    return new PeerIndex(identities);
  }

  /** How many identities there are. */
  public int size() {
    return all.size();
  }

  /** Every identity. */
  Collection<Identity> all() {
    return all;
  }

  /** The identities that a peer means. */
  public List<Identity> matching(Peer peer) {
    List<Identity> known = answers.get(peer);
    return known != null ? known : answers.computeIfAbsent(peer, this::find);
  }

  /** Those among them that are no pods. */
  List<Identity> besidesPods(Peer peer) {
    return others.computeIfAbsent(
        peer, p -> matching(p).stream().filter(i -> !Identity.isPod(i.number())).toList());
  }

  /** The numbers of the prefixes whose addresses a peer means, whoever has them. */
  List<Integer> covered(Peer peer) {
    return peer instanceof Peer.Block block && !blocks.isEmpty()
        ? covered.computeIfAbsent(block, b -> inside(block))
        : List.of();
  }

  private List<Integer> inside(Peer.Block block) {
    return blocks.tailMap(block.cidr(), true).entrySet().stream()
        .takeWhile(e -> block.cidr().contains(e.getKey()))
        .filter(e -> block.covers(e.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private List<Identity> find(Peer peer) {
    return switch (peer) {
      case Peer.Endpoints endpoints -> filter(candidates(endpoints.selector()), peer);
      case Peer.Nodes nodes -> filter(candidates(nodes.selector()), peer);
      case Peer.Group group -> filter(all, peer);
      case Peer.Services services ->
          services.backends().stream().flatMap(b -> find(b).stream()).distinct().toList();
      case Peer.Prefix prefix -> inside(prefix.cidr(), prefix);
      case Peer.Block block -> inside(block.cidr(), block);
    };
  }

  /** The fewest identities that one condition with listed values leaves over. */
  private List<Identity> candidates(Selector selector) {
    List<Identity> best = all;
    for (Requirement requirement : selector.requirements()) {
      if (requirement.operator() != Operator.IN
          || requirement.key().startsWith("any:")
          || requirement.cidr().isPresent()) {
        continue;
      }
      var found = new ArrayList<Identity>();
      for (String value : requirement.values()) {
        found.addAll(byLabel.getOrDefault(word(requirement.key(), value), List.of()));
      }
      if (found.size() < best.size()) {
        best = found;
      }
    }
    return best;
  }

  /**
   * Prefixes sort by address, then length: those inside of one stand together, beginning with
   * itself.
   */
  private List<Identity> inside(Cidr cidr, Peer prefix) {
    var out = new ArrayList<Identity>();
    for (var entry : byCidr.tailMap(cidr, true).entrySet()) {
      if (!cidr.contains(entry.getKey())) {
        break;
      }
      out.addAll(entry.getValue());
    }
    return filter(out, prefix);
  }

  private static List<Identity> filter(List<Identity> identities, Peer peer) {
    return identities.stream().filter(peer::matches).toList();
  }

  private static String word(String key, String value) {
    return key + "=" + value;
  }
}
