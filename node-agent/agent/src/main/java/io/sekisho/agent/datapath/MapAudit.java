package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Compares the maps with what they should say. Reads the kernel each time and knows nothing of what
 * {@link Realizer} remembers.
 */
final class MapAudit {
  private static final String POLICIES = "policies";
  private static final String ENDPOINTS = "endpoints";
  private static final String ENDPOINT_CONFIG = "endpoint_config";

  private final DatapathMaps maps;

  MapAudit(DatapathMaps maps) {
    this.maps = maps;
  }

  /** What is wrong about an endpoint: its table, and its entries by interface and address. */
  List<MapDifference> endpoint(DesiredState.Endpoint expected) {
    int id = expected.wired().endpointId();
    var out = new ArrayList<MapDifference>();
    var entry = EndpointEntry.of(expected, 0);
    entry(ENDPOINT_CONFIG, maps.endpointConfig(), entry.interfaceIndex(), entry, out);
    EndpointMaps.addressesOf(entry)
        .forEach(address -> entry(ENDPOINTS, maps.endpoints(), address, entry, out));
    Optional<Map<PolicyKey, PolicyEntry>> table = table(id);
    if (table.isEmpty()) {
      String wanted = expected.policy().entries().size() + " entries";
      out.add(new MapDifference(POLICIES, id, "the table", wanted, ""));
    } else {
      out.addAll(
          compare(
              POLICIES,
              id,
              expected.policy().entries(),
              table.get(),
              MapAudit::text,
              MapAudit::text));
    }
    return out;
  }

  private static <K> void entry(
      String name,
      BpfMap<K, EndpointEntry> map,
      K key,
      EndpointEntry expected,
      List<MapDifference> out) {
    String found = map.get(key).map(e -> e.withRevision(0)).map(MapAudit::text).orElse("");
    String wanted = text(expected);
    if (!wanted.equals(found)) {
      out.add(new MapDifference(name, expected.id(), key.toString(), wanted, found));
    }
  }

  private Optional<Map<PolicyKey, PolicyEntry>> table(int endpoint) {
    Optional<Integer> id = maps.policies().get(endpoint);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    try (var table = BpfMap.openById(id.get())) {
      return Optional.of(DatapathMaps.table(table).entries());
    } catch (BpfException e) {
      if (e.code() == BpfException.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What is wrong about prefixes, and what there is of endpoints that should not be. */
  List<MapDifference> shared(DesiredState expected) {
    var out = new ArrayList<MapDifference>();
    var prefixes = new HashMap<Cidr, IpcacheEntry>();
    expected.ipcache().forEach((prefix, place) -> prefixes.put(prefix, IpcacheEntry.of(place)));
    out.addAll(
        compare(
            "ipcache", prefixes, maps.ipcache().entries(), Cidr::toString, IpcacheEntry::toString));
    out.addAll(
        compare(
            BlockRealizer.OBJECT,
            expected.blocks(),
            maps.policyBlocks().entries(),
            Cidr::toString,
            Integer::toUnsignedString));
    var addresses = new HashSet<Cidr>();
    var interfaces = new HashSet<Integer>();
    var ids = new HashSet<Integer>();
    expected
        .subjects()
        .map(endpoint -> EndpointEntry.of(endpoint, 0))
        .forEach(
            entry -> {
              ids.add(entry.id());
              interfaces.add(entry.interfaceIndex());
              EndpointMaps.addressesOf(entry).forEach(addresses::add);
            });
    others(ENDPOINTS, maps.endpoints().entries(), addresses, out);
    others(ENDPOINT_CONFIG, maps.endpointConfig().entries(), interfaces, out);
    for (int id : new TreeSet<>(maps.policies().entries().keySet())) {
      if (!ids.contains(id)) {
        out.add(new MapDifference(POLICIES, id, "the table", "", "a table"));
      }
    }
    nodeState(expected.host().isPresent(), out);
    if (TablesVersion.isOdd(maps.ipcacheVersion())) {
      out.add(
          new MapDifference(
              TablesVersion.NAME, 0, "changes of ipcache and endpoints", "ended", "not ended"));
    }
    return out;
  }

  private void nodeState(boolean wanted, List<MapDifference> out) {
    boolean found = (NodeState.flags(maps.nodeState()) & NodeState.HOST_POLICY) != 0;
    if (found != wanted) {
      out.add(
          new MapDifference(
              "node_state", 0, "the node's own policy", inForce(wanted), inForce(found)));
    }
  }

  private static String inForce(boolean now) {
    return now ? "in force" : "not in force";
  }

  private static <K> void others(
      String name, Map<K, EndpointEntry> found, HashSet<K> expected, List<MapDifference> out) {
    found.forEach(
        (key, entry) -> {
          if (!expected.contains(key)) {
            out.add(new MapDifference(name, entry.id(), key.toString(), "", text(entry)));
          }
        });
  }

  /** Where a map that belongs to no endpoint says something else than it should. */
  static <K, V> List<MapDifference> compare(
      String map,
      Map<K, V> expected,
      Map<K, V> found,
      Function<K, String> key,
      Function<V, String> value) {
    return compare(map, 0, expected, found, key, value);
  }

  private static <K, V> List<MapDifference> compare(
      String map,
      int endpoint,
      Map<K, V> expected,
      Map<K, V> found,
      Function<K, String> key,
      Function<V, String> value) {
    if (expected.equals(found)) {
      return List.of();
    }
    var keys = new HashSet<>(expected.keySet());
    keys.addAll(found.keySet());
    return keys.stream()
        .filter(
            k -> !Optional.ofNullable(expected.get(k)).equals(Optional.ofNullable(found.get(k))))
        .map(
            k ->
                new MapDifference(
                    map,
                    endpoint,
                    key.apply(k),
                    Optional.ofNullable(expected.get(k)).map(value).orElse(""),
                    Optional.ofNullable(found.get(k)).map(value).orElse("")))
        .sorted(Comparator.comparing(MapDifference::key))
        .toList();
  }

  private static String text(EndpointEntry entry) {
    return "endpoint %d, identity %d, enforces%s%s%s, %s/%s, %s %s"
        .formatted(
            entry.id(),
            entry.identity(),
            (entry.flags() & EndpointEntry.ENFORCE_INGRESS) != 0 ? " ingress" : "",
            (entry.flags() & EndpointEntry.ENFORCE_EGRESS) != 0 ? " egress" : "",
            (entry.flags() & EndpointEntry.AUDIT) != 0 ? " under audit" : "",
            entry.podMac(),
            entry.hostMac(),
            entry.ipv4(),
            entry.ipv6());
  }

  private static String text(PolicyKey key) {
    String peer =
        switch (key.identity()) {
          case 0 -> "any peer";
          case Identity.EVERY_POD -> "every pod";
          default ->
              (Identity.isBlock(key.identity()) ? "whoever is in block " : "peer ")
                  + Integer.toUnsignedString(key.identity());
        };
    String ports =
        key.protocol() == 0
            ? "any port"
            : new PortRange(
                    key.protocol(),
                    key.port(),
                    key.port() + (1 << (16 - key.portPrefixLength())) - 1)
                .toString();
    return (key.egress() ? "egress to " : "ingress from ") + peer + ", " + ports;
  }

  private static String text(PolicyEntry entry) {
    return "%s by rule %s, precedence %d%s"
        .formatted(
            entry.deny() ? entry.audit() ? "audit" : "deny" : "allow",
            Integer.toUnsignedString(entry.ruleId()),
            entry.precedence(),
            entry.proxyPort() == 0 ? "" : ", proxy " + entry.proxyPort());
  }
}
