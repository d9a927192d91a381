package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.agent.datapath.ServiceCodecs.BackendKey;
import io.sekisho.agent.datapath.ServiceCodecs.Client;
import io.sekisho.agent.datapath.ServiceCodecs.Entry;
import io.sekisho.agent.datapath.ServiceCodecs.Kept;
import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Services in the kernel. A list of backends never changes there: another one is written beside it
 * under another number, the service is pointed to it in one step, and then the old one goes, so
 * that a connection that is made meanwhile finds a whole list. The programs run once the services
 * of the cluster are known; until then, and while nothing tells of them, the kernel goes on as it
 * is.
 */
final class SocketServices {
  private static final String OBJECT = "services";

  private final CgroupPrograms programs;
  private final BpfMap<ServiceAddress, Entry> services;
  private final BpfMap<BackendKey, InetSocketAddress> backends;
  private final BpfMap<Client, Kept> clients;
  private Map<ServiceAddress, Entry> entries = Map.of();
  private Map<ServiceAddress, ServiceBackends> realized = Map.of();
  private Optional<Map<ServiceAddress, ServiceBackends>> last = Optional.empty();
  private int lastList;

  /** Lists that no service points to may be there: an agent died, or a write failed. */
  private boolean littered = true;

  /** Begins with what the kernel says; programs that run already give way to the new ones. */
  SocketServices(Loader.Loaded loaded, PinFolder pins, Path cgroup) {
    programs = new CgroupPrograms(loaded, pins, cgroup);
    services = loaded.map("services").as(ServiceCodecs.SERVICE, ServiceCodecs.ENTRY);
    backends = loaded.map("backends").as(ServiceCodecs.BACKEND_KEY, ServiceCodecs.BACKEND);
    clients = loaded.map("service_clients").as(ServiceCodecs.CLIENT, ServiceCodecs.KEPT);
    programs.takeOver();
    read();
  }

  private void read() {
    entries = new HashMap<>(services.entries());
    Map<BackendKey, InetSocketAddress> known = backends.entries();
    realized = new HashMap<>();
    entries.forEach((service, entry) -> realized.put(service, of(entry, known)));
    lastList =
        known.keySet().stream().mapToInt(BackendKey::list).reduce(lastList, SocketServices::later);
    lastList =
        entries.values().stream().mapToInt(Entry::list).reduce(lastList, SocketServices::later);
    littered = true;
  }

  private static int later(int a, int b) {
    return Integer.compareUnsigned(a, b) > 0 ? a : b;
  }

  private static ServiceBackends of(Entry entry, Map<BackendKey, InetSocketAddress> known) {
    var list = new ArrayList<InetSocketAddress>();
    for (int i = 0; i < entry.backends(); i++) {
      Optional.ofNullable(known.get(new BackendKey(entry.list(), i))).ifPresent(list::add);
    }
    return new ServiceBackends(list, entry.affinitySeconds());
  }

  /** Goes on with what the kernel says. */
  void reread() {
    last = Optional.empty();
    programs.takeOver();
    read();
  }

  /** What the kernel says otherwise than this; reads it each time. */
  List<MapDifference> audit(Map<ServiceAddress, ServiceBackends> expected) {
    Map<BackendKey, InetSocketAddress> known = backends.entries();
    var found = new HashMap<ServiceAddress, ServiceBackends>();
    services.entries().forEach((service, entry) -> found.put(service, of(entry, known)));
    var out =
        new ArrayList<>(
            MapAudit.compare(
                OBJECT, expected, found, ServiceAddress::toString, ServiceBackends::toString));
    programs
        .missing()
        .forEach(name -> out.add(new MapDifference(OBJECT, 0, "program " + name, "runs", "")));
    return out;
  }

  /** Makes the kernel know just these. */
  void apply(Map<ServiceAddress, ServiceBackends> desired, List<RealizeError> errors) {
    if (last.equals(Optional.of(desired))) {
      return;
    }
    last = Optional.empty();
    try {
      removeAllBut(desired.keySet());
      boolean whole = put(changes(desired), errors);
      forgetClients();
      programs.attach();
      last = whole ? Optional.of(desired) : Optional.empty();
    } catch (BpfException e) {
      read();
      errors.add(Failures.unrealized(OBJECT, e));
    }
  }

  private void removeAllBut(Set<ServiceAddress> desired) {
    var gone = realized.keySet().stream().filter(s -> !desired.contains(s)).toList();
    services.removeAll(gone);
    gone.forEach(realized::remove);
    removeLists(
        gone.stream().flatMap(s -> Optional.ofNullable(entries.remove(s)).stream()).toList());
    if (littered) {
      removeUnused();
      littered = false;
    }
  }

  private Map<ServiceAddress, ServiceBackends> changes(
      Map<ServiceAddress, ServiceBackends> desired) {
    var changed = new HashMap<ServiceAddress, ServiceBackends>();
    desired.forEach(
        (service, wanted) -> {
          if (!wanted.equals(realized.get(service))) {
            changed.put(service, wanted);
          }
        });
    return changed;
  }

  /** Whether all have their new backends; else an error says how many have those of before. */
  private boolean put(Map<ServiceAddress, ServiceBackends> changed, List<RealizeError> errors) {
    try {
      put(changed);
      return true;
    } catch (BpfException e) {
      if (e.code() != BpfException.Code.FULL) {
        throw e;
      }
    }
    read();
    removeUnused();
    return putSmallestFirst(changes(changed), errors);
  }

  /** One after the other: that one does not fit must not keep the others from theirs. */
  private boolean putSmallestFirst(
      Map<ServiceAddress, ServiceBackends> changed, List<RealizeError> errors) {
    var sorted = new ArrayList<>(changed.entrySet());
    sorted.sort(Comparator.comparingInt(e -> e.getValue().backends().size()));
    int left = 0;
    String why = "";
    for (var one : sorted) {
      int list = lastList + 1;
      try {
        put(Map.ofEntries(one));
      } catch (BpfException e) {
        if (e.code() != BpfException.Code.FULL) {
          throw e;
        }
        removeLists(List.of(new Entry(list, one.getValue().backends().size(), 0)));
        left++;
        why = String.valueOf(e.getMessage());
      }
    }
    if (left > 0) {
      errors.add(new RealizeError(OBJECT, left + " keep the backends that they had: " + why));
    }
    return left == 0;
  }

  private void put(Map<ServiceAddress, ServiceBackends> changed) {
    var lists = new HashMap<BackendKey, InetSocketAddress>();
    var next = new HashMap<ServiceAddress, Entry>();
    changed.forEach(
        (service, wanted) -> {
          int list = ++lastList;
          for (int i = 0; i < wanted.backends().size(); i++) {
            lists.put(new BackendKey(list, i), wanted.backends().get(i));
          }
          next.put(service, new Entry(list, wanted.backends().size(), wanted.affinitySeconds()));
        });
    backends.putAll(lists);
    services.putAll(next);
    List<Entry> old =
        changed.keySet().stream()
            .flatMap(s -> Optional.ofNullable(entries.get(s)).stream())
            .toList();
    entries.putAll(next);
    realized.putAll(changed);
    removeLists(old);
  }

  private void removeLists(List<Entry> lists) {
    var keys = new ArrayList<BackendKey>();
    for (Entry entry : lists) {
      for (int i = 0; i < entry.backends(); i++) {
        keys.add(new BackendKey(entry.list(), i));
      }
    }
    backends.removeAll(keys);
  }

  /** Removes the lists that no service points to; looks at all of them. */
  private void removeUnused() {
    var used = new HashSet<Integer>();
    entries.values().forEach(entry -> used.add(entry.list()));
    backends.removeAll(
        backends.entries().keySet().stream().filter(key -> !used.contains(key.list())).toList());
  }

  /** Nobody keeps a backend that is none any more. */
  private void forgetClients() {
    var stale = new ArrayList<Client>();
    clients
        .entries()
        .forEach(
            (client, kept) -> {
              var now = realized.get(client.service());
              if (now == null || !now.backends().contains(kept.backend())) {
                stale.add(client);
              }
            });
    clients.removeAll(stale);
  }

  List<MapFill> fill() {
    long places = realized.values().stream().mapToLong(s -> s.backends().size()).sum();
    return List.of(
        new MapFill(OBJECT, realized.size(), services.info().maxEntries()),
        new MapFill("backends", places, backends.info().maxEntries()));
  }
}
