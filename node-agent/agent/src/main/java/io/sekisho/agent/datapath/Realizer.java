package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.libbpf.BpfException;
import io.sekisho.policy.Cidr;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the difference between what is desired and what the maps say. The order keeps every state
 * in between no more open than the old or the new one, and no more closed than both:
 *
 * <ol>
 *   <li>prefixes are added, so that new policy meets known identities;
 *   <li>directions that are no longer enforced stop being enforced, under their old tables;
 *   <li>prefixes of blocks are added, after tables say of them what they say of those around, see
 *       {@link BlockChange};
 *   <li>policy tables change, entry by entry where there is an order for it, else all at once;
 *   <li>endpoints get their new entry, with a new policy revision where something changed, which
 *       makes open connections be decided again;
 *   <li>what is not desired goes; the node's own policy comes into force last, and goes first.
 * </ol>
 */
final class Realizer {
  private final TablesVersion version;
  private final IpcacheRealizer ipcache;
  private final PolicyTables tables;
  private final BlockRealizer blocks;
  private final EndpointMaps endpoints;
  private final NodeState node;

  /**
   * Endpoints whose table or flags changed, and whose open connections are not decided anew yet.
   */
  private final Set<Integer> owed = new HashSet<>();

  private int lastRevision;

  /** On maps that nobody pins. */
  Realizer(DatapathMaps maps, InstantSource clock) {
    this(maps, clock, GracePeriods.unnoted());
  }

  /** Begins with what the kernel says, so that a restart writes only what changed meanwhile. */
  Realizer(DatapathMaps maps, InstantSource clock, GracePeriods gracePeriods) {
    this.version = new TablesVersion(maps.ipcacheVersion());
    this.ipcache = new IpcacheRealizer(maps.ipcache(), version);
    this.tables = new PolicyTables(maps.policies(), maps.tableShape(), gracePeriods);
    this.blocks = new BlockRealizer(maps.policyBlocks());
    this.endpoints = new EndpointMaps(maps.endpoints(), maps.endpointConfig(), version);
    this.node = new NodeState(maps.nodeState());
    // Seconds, so that a number is not given out twice even if the maps were made anew.
    int seconds = (int) clock.instant().getEpochSecond();
    this.lastRevision =
        endpoints.revisions().reduce(seconds, (a, b) -> Integer.compareUnsigned(a, b) > 0 ? a : b);
    if (node.isUnsettled()) {
      endpoints.all().forEach(entry -> owed.add(entry.id()));
    }
  }

  /** Forgets what was written and reads what is there. */
  void reread() {
    ipcache.reread();
    tables.reread();
    blocks.reread();
    endpoints.reread();
    node.reread();
  }

  List<RealizeError> apply(DesiredState desired, Map<Integer, WiredEndpoint> wired) {
    var errors = new ArrayList<RealizeError>();
    var present = present(desired, wired, errors);
    desired.host().ifPresent(host -> present.put(DesiredState.HOST_ENDPOINT, host));
    ipcache.put(desired.ipcache(), errors);
    node.unsettled(true, errors);
    present.forEach(
        (id, endpoint) -> {
          if (relax(endpoint, errors)) {
            owed.add(id);
          }
        });
    BlockChange prefixes = begin(desired.blocks(), present.keySet(), errors);
    var outcome = change(present, prefixes, errors);
    var kept = new ArrayList<EndpointEntry>();
    present.forEach(
        (id, endpoint) -> {
          if (outcome.failed().contains(id)) {
            endpoints.on(endpoint.wired().hostIndex()).ifPresent(kept::add);
          } else {
            kept.add(put(endpoint, errors));
          }
        });
    node.hostPolicy(
        kept.stream().anyMatch(entry -> entry.id() == DesiredState.HOST_ENDPOINT), errors);
    removeOthers(desired, kept, errors);
    if (outcome.failed().isEmpty()) {
      finish(prefixes, present, errors);
    }
    owed.retainAll(present.keySet());
    node.unsettled(!owed.isEmpty(), errors);
    version.settle(errors);
    return errors;
  }

  /** Brings in new prefixes of blocks, which mean nothing of their own yet. */
  private BlockChange begin(
      Map<Cidr, Integer> desired, Set<Integer> present, List<RealizeError> errors) {
    BlockChange change = blocks.towards(desired, errors);
    boolean comes = !change.coming().isEmpty();
    if (comes || !change.going().isEmpty()) {
      owed.addAll(present);
    }
    if (comes) {
      tables.amend(change::before, errors);
      blocks.add(change, errors);
    }
    return change;
  }

  /** Removes prefixes of blocks that mean nothing of their own any more. */
  private void finish(
      BlockChange change, Map<Integer, DesiredState.Endpoint> present, List<RealizeError> errors) {
    if (!change.going().isEmpty() && blocks.remove(change, errors)) {
      tables.put(present.values(), errors);
    }
  }

  private PolicyTables.Outcome change(
      Map<Integer, DesiredState.Endpoint> present,
      BlockChange prefixes,
      List<RealizeError> errors) {
    try {
      var outcome = tables.put(whileGoing(present, prefixes), errors);
      owed.addAll(outcome.changed());
      return outcome;
    } catch (RuntimeException e) {
      owed.addAll(present.keySet()); // nobody knows which of them changed
      throw e;
    }
  }

  private Collection<DesiredState.Endpoint> whileGoing(
      Map<Integer, DesiredState.Endpoint> present, BlockChange prefixes) {
    if (prefixes.going().isEmpty()) {
      return present.values();
    }
    return present.values().stream()
        .map(
            e -> {
              var longer = e.with(prefixes::after);
              return tables.hasRoom(longer.policy().entries().size()) ? longer : e;
            })
        .toList();
  }

  /** The desired endpoints that have an interface. */
  private static Map<Integer, DesiredState.Endpoint> present(
      DesiredState desired, Map<Integer, WiredEndpoint> wired, List<RealizeError> errors) {
    var present = new TreeMap<Integer, DesiredState.Endpoint>();
    new TreeMap<>(desired.endpoints())
        .forEach(
            (id, endpoint) -> {
              WiredEndpoint real = wired.get(id);
              if (real == null || real.hostIndex() != endpoint.wired().hostIndex()) {
                errors.add(new RealizeError("endpoint " + id, "has no interface"));
              } else {
                present.put(id, endpoint);
              }
            });
    return present;
  }

  /** Whether the endpoint enforces less than before. */
  private boolean relax(DesiredState.Endpoint endpoint, List<RealizeError> errors) {
    int wanted = EndpointEntry.of(endpoint, 0).flags();
    var old = endpoints.on(endpoint.wired().hostIndex());
    if (old.isEmpty()) {
      return false;
    }
    int flags = old.get().flags();
    int relaxed = (flags & ~(EndpointEntry.ENFORCE & ~wanted)) | (wanted & EndpointEntry.AUDIT);
    if (relaxed == flags) {
      return false;
    }
    return write(old.get().withFlags(relaxed), errors);
  }

  private EndpointEntry put(DesiredState.Endpoint endpoint, List<RealizeError> errors) {
    var old = endpoints.on(endpoint.wired().hostIndex());
    var same = EndpointEntry.of(endpoint, old.map(EndpointEntry::policyRevision).orElse(0));
    if (!owed.contains(same.id()) && endpoints.says(same)) {
      return same;
    }
    var entry = same.withRevision(++lastRevision);
    if (write(entry, errors)) {
      owed.remove(entry.id());
    }
    return entry;
  }

  private boolean write(EndpointEntry entry, List<RealizeError> errors) {
    try {
      endpoints.put(entry);
      return true;
    } catch (BpfException e) {
      errors.add(Failures.unrealized(DesiredState.name(entry.id()), e));
      return false;
    }
  }

  private void removeOthers(
      DesiredState desired, List<EndpointEntry> kept, List<RealizeError> errors) {
    try {
      endpoints.retain(kept);
    } catch (BpfException e) {
      errors.add(Failures.unrealized("endpoints", e));
    }
    var ids = new HashSet<Integer>();
    kept.forEach(entry -> ids.add(entry.id()));
    tables.retain(ids, errors);
    ipcache.retain(desired.ipcache(), errors);
  }

  /** Removes an endpoint: it neither sends nor is reached any more. */
  void remove(int endpointId) {
    endpoints.remove(endpointId);
    tables.forget(endpointId);
  }

  /** Deletes a removed endpoint's table, for which the kernel waits some 10 ms; on any thread. */
  void deleteTable(int endpointId) {
    tables.delete(endpointId);
  }

  /** The endpoints with an interface that the maps know. */
  List<EndpointEntry> known() {
    return endpoints.all().stream()
        .filter(entry -> entry.id() != DesiredState.HOST_ENDPOINT)
        .toList();
  }

  int ipcacheSize() {
    return ipcache.size();
  }

  int blockCount() {
    return blocks.size();
  }

  int addressCount() {
    return endpoints.addressCount();
  }

  int interfaceCount() {
    return endpoints.interfaceCount();
  }

  /** Entries of policy tables that were written or removed so far. */
  long tableWrites() {
    return tables.written();
  }

  int tableCount() {
    return tables.size();
  }
}
