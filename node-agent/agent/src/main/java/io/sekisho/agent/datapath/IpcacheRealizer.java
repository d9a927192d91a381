package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.policy.Cidr;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the ipcache say who has which address. */
final class IpcacheRealizer {
  private final BpfMap<Cidr, IpcacheEntry> map;
  private final TablesVersion version;
  private Map<Cidr, IpcacheEntry> realized;

  /** What was realized whole last; the same map again needs no look. */
  private Map<Cidr, DesiredState.Location> last = Map.of();

  /** Begins with what the kernel says. */
  IpcacheRealizer(BpfMap<Cidr, IpcacheEntry> map, TablesVersion version) {
    this.map = map;
    this.version = version;
    this.realized = map.entries();
  }

  /** Goes on with what the kernel says. */
  void reread() {
    realized = map.entries();
    last = Map.of();
  }

  /** Adds and changes; removes nothing yet. */
  void put(Map<Cidr, DesiredState.Location> desired, List<RealizeError> errors) {
    if (isLast(desired)) {
      return;
    }
    var changed = new HashMap<Cidr, IpcacheEntry>();
    desired.forEach(
        (prefix, location) -> {
          var entry = IpcacheEntry.of(location);
          if (!entry.equals(realized.get(prefix))) {
            changed.put(prefix, entry);
          }
        });
    if (changed.isEmpty()) {
      return;
    }
    try {
      version.changing(() -> map.putAll(changed));
      realized.putAll(changed);
    } catch (BpfException e) {
      realized = map.entries();
      last = Map.of();
      long missing = changed.keySet().stream().filter(p -> !realized.containsKey(p)).count();
      errors.add(new RealizeError("ipcache", missing + " prefixes are missing: " + e.getMessage()));
    }
  }

  /** Removes what is not desired. */
  void retain(Map<Cidr, DesiredState.Location> desired, List<RealizeError> errors) {
    if (isLast(desired)) {
      return;
    }
    var gone = realized.keySet().stream().filter(prefix -> !desired.containsKey(prefix)).toList();
    try {
      if (!gone.isEmpty()) {
        version.changing(() -> map.removeAll(gone));
      }
      gone.forEach(realized::remove);
      last = realized.size() == desired.size() ? desired : Map.of();
    } catch (BpfException e) {
      realized = map.entries();
      last = Map.of();
      errors.add(Failures.unrealized("ipcache", e));
    }
  }

  @SuppressWarnings("ReferenceEquality") // A desired state keeps the map that it was made of.
  private boolean isLast(Map<Cidr, DesiredState.Location> desired) {
    return desired == last && !desired.isEmpty();
  }

  int size() {
    return realized.size();
  }
}
