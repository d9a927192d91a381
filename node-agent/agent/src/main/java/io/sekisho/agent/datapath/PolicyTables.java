package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One policy table for each endpoint, in a map of maps. A table changes entry by entry where there
 * is an order of writes that never shows a packet a third decision, see {@link TableChange}. Else a
 * new one is filled beside the old one, then all new tables are put into the outer map by one
 * batch, so that the kernel waits for running programs once and not once for each endpoint.
 */
final class PolicyTables {
  private final BpfMap<Integer, Integer> outer;
  private final MapInfo shape;
  private final GracePeriods gracePeriods;
  private final Map<Integer, Map<PolicyKey, PolicyEntry>> realized = new HashMap<>();
  private long written;

  /** Begins with what the kernel says. */
  PolicyTables(BpfMap<Integer, Integer> outer, MapInfo shape, GracePeriods gracePeriods) {
    this.outer = outer;
    this.shape = shape;
    this.gracePeriods = gracePeriods;
    reread();
  }

  /** Goes on with what the kernel says. */
  void reread() {
    realized.clear();
    outer.entries().forEach((endpoint, table) -> realized.put(endpoint, read(table)));
  }

  private static Map<PolicyKey, PolicyEntry> read(int tableId) {
    try (var table = BpfMap.openById(tableId)) {
      return DatapathMaps.table(table).entries();
    }
  }

  /**
   * What became of the tables.
   *
   * @param changed endpoints whose table is another one now
   * @param failed endpoints whose table is still the old one, or none
   */
  record Outcome(Set<Integer> changed, Set<Integer> failed) {}

  /** Realizes the tables of these endpoints; the others stay. */
  Outcome put(Collection<DesiredState.Endpoint> endpoints, List<RealizeError> errors) {
    var outcome = new Outcome(new HashSet<>(), new HashSet<>());
    var fresh = new HashMap<Integer, BpfMap<byte[], byte[]>>();
    var contents = new HashMap<Integer, Map<PolicyKey, PolicyEntry>>();
    try {
      for (DesiredState.Endpoint endpoint : endpoints) {
        int id = endpoint.wired().endpointId();
        var wanted = endpoint.policy().entries();
        var present = realized.get(id);
        if (wanted.equals(present)) {
          realized.put(id, wanted); // the next look at the same table costs nothing
          continue;
        }
        try {
          Optional<TableChange> change = inPlace(present, wanted);
          if (change.isPresent()) {
            write(id, change.get());
            realized.put(id, wanted);
            outcome.changed.add(id);
          } else {
            fresh.put(id, fill(wanted));
            contents.put(id, wanted);
          }
        } catch (BpfException | DatapathException e) {
          fail(id, e, outcome, errors);
        }
      }
      install(fresh, contents, outcome, errors);
    } finally {
      fresh.values().forEach(BpfMap::close);
    }
    return outcome;
  }

  /**
   * Changes the tables that are there, where an order of writes allows it and there is room. One
   * that cannot be written does not keep the others from it.
   */
  void amend(UnaryOperator<Map<PolicyKey, PolicyEntry>> by, List<RealizeError> errors) {
    for (int id : List.copyOf(realized.keySet())) {
      try {
        amend(id, by);
      } catch (BpfException e) {
        errors.add(unwritten(id, e));
      }
    }
  }

  private void amend(int id, UnaryOperator<Map<PolicyKey, PolicyEntry>> by) {
    var present = realized.getOrDefault(id, Map.of());
    var wanted = by.apply(present);
    if (wanted.equals(present) || !hasRoom(wanted.size())) {
      return;
    }
    Optional<TableChange> change = inPlace(present, wanted);
    if (change.isPresent()) {
      write(id, change.get());
      realized.put(id, wanted);
    }
  }

  private static void fail(
      int id, RuntimeException why, Outcome outcome, List<RealizeError> errors) {
    outcome.failed.add(id);
    errors.add(unwritten(id, why));
  }

  private static RealizeError unwritten(int id, RuntimeException why) {
    return new RealizeError(DesiredState.name(id), "policy table: " + why.getMessage());
  }

  /** The writes into the present table; empty if there is none, or it must be exchanged. */
  private Optional<TableChange> inPlace(
      @Nullable Map<PolicyKey, PolicyEntry> present, Map<PolicyKey, PolicyEntry> wanted) {
    if (present == null) {
      return Optional.empty();
    }
    requireRoom(wanted.size());
    // Kernels before 6.13 refuse to overwrite entries of a full trie.
    return TableChange.between(present, wanted)
        .filter(change -> change.most(present) < shape.maxEntries());
  }

  private void write(int id, TableChange change) {
    int table =
        outer.get(id).orElseThrow(() -> new IllegalStateException("no table of endpoint " + id));
    try (var map = BpfMap.openById(table)) {
      var entries = DatapathMaps.table(map);
      try {
        entries.putAll(change.writes());
        entries.removeAll(change.removals());
        written += change.size();
      } catch (BpfException e) {
        realized.put(id, entries.entries());
        throw e;
      }
    }
  }

  private BpfMap<byte[], byte[]> fill(Map<PolicyKey, PolicyEntry> wanted) {
    requireRoom(wanted.size());
    var map = BpfMap.create(shape);
    try {
      DatapathMaps.table(map).putAll(wanted);
      written += wanted.size();
      return map;
    } catch (BpfException e) {
      map.close();
      throw e;
    }
  }

  /** Whether a table of so many entries can be. */
  boolean hasRoom(int entries) {
    return entries <= shape.maxEntries();
  }

  private void requireRoom(int entries) {
    if (!hasRoom(entries)) {
      throw new DatapathException(
          DatapathException.Code.MAP_FULL,
          "%d entries do not fit, the most is %d".formatted(entries, shape.maxEntries()));
    }
  }

  private void install(
      Map<Integer, BpfMap<byte[], byte[]>> fresh,
      Map<Integer, Map<PolicyKey, PolicyEntry>> contents,
      Outcome outcome,
      List<RealizeError> errors) {
    var descriptors = new HashMap<Integer, Integer>();
    fresh.forEach((id, map) -> descriptors.put(id, map.fd()));
    try {
      if (!descriptors.isEmpty()) {
        // The kernel waits for a grace period: without the switch half of what an ADD takes.
        gracePeriods.expedited(() -> outer.putAll(descriptors));
      }
      realized.putAll(contents);
      outcome.changed.addAll(contents.keySet());
    } catch (BpfException e) {
      // Some are in, some are not: one by one tells which, and writing one again does no harm.
      descriptors.forEach(
          (id, descriptor) -> {
            try {
              outer.put(id, descriptor);
              realized.put(id, contents.getOrDefault(id, Map.of()));
              outcome.changed.add(id);
            } catch (BpfException one) {
              fail(id, one, outcome, errors);
            }
          });
    }
  }

  /** Removes the tables of all other endpoints. */
  void retain(Set<Integer> endpoints, List<RealizeError> errors) {
    var gone = realized.keySet().stream().filter(id -> !endpoints.contains(id)).toList();
    try {
      outer.removeAll(gone);
      gone.forEach(realized::remove);
    } catch (BpfException e) {
      errors.add(Failures.unrealized("policies", e));
    }
  }

  /** Counts an endpoint's table as not there; {@link #delete} must follow. */
  void forget(int endpointId) {
    realized.remove(endpointId);
  }

  /** Deletes the table of a forgotten endpoint; touches the kernel only, so on any thread. */
  void delete(int endpointId) {
    outer.remove(endpointId);
  }

  /** Entries that were written or removed so far, those of new tables included. */
  long written() {
    return written;
  }

  int size() {
    return realized.size();
  }
}
