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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    try {
      write(desired);
      programs.attach();
      last = Optional.of(desired);
    } catch (BpfException e) {
      last = Optional.empty();
      read();
      errors.add(Failures.unrealized(OBJECT, e));
    }
  }

  private void write(Map<ServiceAddress, ServiceBackends> desired) {
    var changed = new HashMap<ServiceAddress, ServiceBackends>();
    desired.forEach(
        (service, wanted) -> {
          if (!wanted.equals(realized.get(service))) {
            changed.put(service, wanted);
          }
        });
    var gone = realized.keySet().stream().filter(s -> !desired.containsKey(s)).toList();
    services.removeAll(gone);
    gone.forEach(entries::remove);
    gone.forEach(realized::remove);
    removeUnused();
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
    entries.putAll(next);
    realized.putAll(changed);
    removeUnused();
    forgetClients();
  }

  /** Removes the lists that no service points to. */
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
