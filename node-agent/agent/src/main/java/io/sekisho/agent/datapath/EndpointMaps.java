package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.policy.Cidr;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The two maps that say who the local endpoints are: by address and by host interface. */
final class EndpointMaps {
  private final BpfMap<Cidr, EndpointEntry> byAddress;
  private final BpfMap<Integer, EndpointEntry> byInterface;
  private final TablesVersion version;
  private final Map<Cidr, EndpointEntry> addresses;
  private final Map<Integer, EndpointEntry> interfaces;

  /** Begins with what the kernel says. */
  EndpointMaps(
      BpfMap<Cidr, EndpointEntry> byAddress,
      BpfMap<Integer, EndpointEntry> byInterface,
      TablesVersion version) {
    this.byAddress = byAddress;
    this.byInterface = byInterface;
    this.version = version;
    this.addresses = new HashMap<>(byAddress.entries());
    this.interfaces = new HashMap<>(byInterface.entries());
  }

  /** Goes on with what the kernel says. */
  void reread() {
    addresses.clear();
    addresses.putAll(byAddress.entries());
    interfaces.clear();
    interfaces.putAll(byInterface.entries());
  }

  /** What the endpoint on this interface is now. */
  Optional<EndpointEntry> on(int interfaceIndex) {
    return Optional.ofNullable(interfaces.get(interfaceIndex));
  }

  /** Every endpoint, by what its interface says. */
  List<EndpointEntry> all() {
    return List.copyOf(interfaces.values());
  }

  /** All policy revisions that the kernel has seen. */
  Stream<Integer> revisions() {
    return Stream.concat(addresses.values().stream(), interfaces.values().stream())
        .map(EndpointEntry::policyRevision);
  }

  /** Whether everything of the endpoint is as this entry says. */
  boolean says(EndpointEntry entry) {
    return entry.equals(interfaces.get(entry.interfaceIndex()))
        && addressesOf(entry).allMatch(address -> entry.equals(addresses.get(address)));
  }

  /** Writes an endpoint: first what it sends is known as its own, then it can be reached. */
  void put(EndpointEntry entry) {
    version.changing(() -> write(entry));
  }

  private void write(EndpointEntry entry) {
    byInterface.put(entry.interfaceIndex(), entry);
    interfaces.put(entry.interfaceIndex(), entry);
    addressesOf(entry)
        .forEach(
            address -> {
              byAddress.put(address, entry);
              addresses.put(address, entry);
            });
  }

  /** Removes all that belongs to endpoints other than these. */
  void retain(Collection<EndpointEntry> kept) {
    var interfacesKept = Set.copyOf(kept.stream().map(EndpointEntry::interfaceIndex).toList());
    var addressesKept = Set.copyOf(kept.stream().flatMap(EndpointMaps::addressesOf).toList());
    removeIf(addresses, byAddress, e -> !addressesKept.contains(e.getKey()));
    removeIf(interfaces, byInterface, e -> !interfacesKept.contains(e.getKey()));
  }

  /** Removes one endpoint. */
  void remove(int endpointId) {
    removeIf(addresses, byAddress, e -> e.getValue().id() == endpointId);
    removeIf(interfaces, byInterface, e -> e.getValue().id() == endpointId);
  }

  private <K> void removeIf(
      Map<K, EndpointEntry> realized,
      BpfMap<K, EndpointEntry> map,
      Predicate<Map.Entry<K, EndpointEntry>> gone) {
    List<K> keys = realized.entrySet().stream().filter(gone).map(Map.Entry::getKey).toList();
    if (!keys.isEmpty()) {
      version.changing(() -> map.removeAll(keys));
    }
    keys.forEach(realized::remove);
  }

  /** The addresses of an endpoint. */
  static Stream<Cidr> addressesOf(EndpointEntry entry) {
    return Stream.of(entry.ipv4(), entry.ipv6()).filter(a -> !a.equals(EndpointEntry.NONE));
  }

  int addressCount() {
    return addresses.size();
  }

  int interfaceCount() {
    return interfaces.size();
  }
}
