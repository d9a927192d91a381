package io.sekisho.agent.policy;

import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.Peer;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.Rule;
import io.sekisho.policy.compile.PeerIndex;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Policy tables of the node's endpoints. Compiles only where an input changed: endpoints with the
 * same labels share a table; new documents make anew the tables of those whom other specs select
 * than before, a peer that comes or goes only those that have a rule which means it. Belongs to the
 * event loop.
 */
public final class PolicyController {
  /** With more changes of peers at once, looking for whom they matter is not worth it. */
  private static final int FEW_PEERS = 64;

  private PolicyCompiler compiler = new PolicyCompiler(List.of());
  private Set<Identity> peers = Set.of();
  private PeerIndex index = PeerIndex.of(Set.of());
  private final Map<Labels, Compiled> tables = new HashMap<>();
  private long compiled;

  /** A table, and the specs that it was made of. */
  private record Compiled(List<PolicySpec> specs, PolicyTable table) {}

  /**
   * One table for each label set.
   *
   * @param documents the compiler of the documents in force
   * @param others every identity that can be at the other end
   * @param endpoints label sets of local endpoints
   */
  public Map<Labels, PolicyTable> tables(
      PolicyCompiler documents, Set<Identity> others, Set<Labels> endpoints) {
    tables.keySet().retainAll(endpoints);
    if (documents != compiler) {
      forgetOtherDocuments(documents);
      compiler = documents;
    }
    if (!others.equals(peers)) {
      forgetMeaning(difference(others));
      peers = Set.copyOf(others);
      index = PeerIndex.of(peers);
    }
    var out = new HashMap<Labels, PolicyTable>();
    for (Labels labels : endpoints) {
      out.put(labels, tables.computeIfAbsent(labels, this::compile).table());
    }
    return out;
  }

  private void forgetOtherDocuments(PolicyCompiler documents) {
    if (documents.mode() == compiler.mode()) {
      tables
          .entrySet()
          .removeIf(e -> !documents.selecting(e.getKey()).equals(e.getValue().specs()));
    } else {
      tables.clear();
    }
  }

  private Set<Identity> difference(Set<Identity> others) {
    var out = new HashSet<Identity>();
    others.stream().filter(i -> !peers.contains(i)).forEach(out::add);
    peers.stream().filter(i -> !others.contains(i)).forEach(out::add);
    return out;
  }

  private void forgetMeaning(Set<Identity> changed) {
    var known = new HashMap<PolicySpec, Boolean>();
    boolean failSafe = changed.stream().anyMatch(compiler.failSafe()::names);
    tables
        .entrySet()
        .removeIf(
            e ->
                changed.size() > FEW_PEERS || (failSafe && NodeLabels.isHost(e.getKey()))
                    ? !e.getValue().table().equals(PolicyTable.OPEN)
                    : e.getValue().specs().stream()
                        .anyMatch(s -> known.computeIfAbsent(s, t -> means(t, changed))));
  }

  /**
   * Whether an entry of one of the peers may come of the spec: selectors may still be narrowed by
   * other specs, and names of ports give entries of their own even where all peers are meant.
   */
  private static boolean means(PolicySpec spec, Set<Identity> some) {
    return spec.rules().stream().flatMap(PolicyController::naming).anyMatch(p -> any(p, some));
  }

  private static Stream<Peer> naming(Rule rule) {
    return rule.peers().stream().filter(p -> !p.matchesAll() || !rule.named().isEmpty());
  }

  private static boolean any(Peer peer, Set<Identity> some) {
    return some.stream().anyMatch(peer::matches);
  }

  private Compiled compile(Labels labels) {
    compiled++;
    return new Compiled(compiler.selecting(labels), compiler.compile(labels, index));
  }

  /** How many tables were compiled since the start. */
  public long compiled() {
    return compiled;
  }
}
