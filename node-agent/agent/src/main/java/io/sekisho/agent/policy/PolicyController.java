package io.sekisho.agent.policy;

import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.compile.PeerIndex;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    if (documents.mode() != compiler.mode()) {
      tables.clear();
      return;
    }
    var other = new ArrayList<>(compiler.specsWithout(documents));
    other.addAll(documents.specsWithout(compiler));
    tables
        .entrySet()
        .removeIf(
            e ->
                other.stream().anyMatch(spec -> spec.selects(e.getKey()))
                    && !documents.selecting(e.getKey()).equals(e.getValue().specs()));
  }

  private Set<Identity> difference(Set<Identity> others) {
    var out = new HashSet<Identity>();
    others.stream().filter(i -> !peers.contains(i)).forEach(out::add);
    peers.stream().filter(i -> !others.contains(i)).forEach(out::add);
    return out;
  }

  private void forgetMeaning(Set<Identity> changed) {
    var meaning = new Meaning(changed);
    boolean failSafe = changed.stream().anyMatch(compiler.failSafe()::names);
    tables
        .entrySet()
        .removeIf(
            e ->
                changed.size() > FEW_PEERS || (failSafe && NodeLabels.isHost(e.getKey()))
                    ? !e.getValue().table().equals(PolicyTable.OPEN)
                    : meaning.concerns(e.getValue().specs(), e.getValue().table()));
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
