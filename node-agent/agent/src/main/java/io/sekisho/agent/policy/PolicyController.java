package io.sekisho.agent.policy;

import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.compile.PeerIndex;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Policy tables of the node's endpoints. Compiles only where an input changed: endpoints with the
 * same labels share a table; new documents make all tables anew, a new peer only those of endpoints
 * that some policy selects. Belongs to the event loop.
 */
public final class PolicyController {
  private PolicyCompiler compiler = new PolicyCompiler(List.of());
  private Set<Identity> peers = Set.of();
  private final Map<Labels, PolicyTable> tables = new HashMap<>();
  private long compiled;

  /**
   * One table for each label set.
   *
   * @param documents the compiler of the documents in force
   * @param others every identity that can be at the other end
   * @param endpoints label sets of local endpoints
   */
  public Map<Labels, PolicyTable> tables(
      PolicyCompiler documents, Set<Identity> others, Set<Labels> endpoints) {
    if (documents != compiler) {
      compiler = documents;
      tables.clear();
    }
    if (!others.equals(peers)) {
      peers = Set.copyOf(others);
      tables.values().removeIf(table -> !table.equals(PolicyTable.OPEN));
    }
    tables.keySet().retainAll(endpoints);
    if (!tables.keySet().containsAll(endpoints)) {
      PeerIndex index = PeerIndex.of(peers);
      for (Labels labels : endpoints) {
        tables.computeIfAbsent(labels, missing -> compile(missing, index));
      }
    }
    return Map.copyOf(tables);
  }

  private PolicyTable compile(Labels labels, PeerIndex index) {
    compiled++;
    return compiler.compile(labels, index);
  }

  /** How many tables were compiled since the start. */
  public long compiled() {
    return compiled;
  }
}
