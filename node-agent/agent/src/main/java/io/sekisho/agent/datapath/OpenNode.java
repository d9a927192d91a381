package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.libbpf.BpfMap;
import java.util.List;

/**
 * Everything that is held open while the datapath runs.
 *
 * @param loaded programs and maps
 * @param endpoints interface pairs
 * @param realizer what the maps say
 * @param events the reader of the ring
 * @param lostBefore events that were lost before the agent's start
 */
record OpenNode(
    Loader.Loaded loaded,
    EndpointWiring endpoints,
    Realizer realizer,
    EventReader events,
    long lostBefore)
    implements AutoCloseable {
  List<MapFill> fill() {
    DatapathMaps maps = loaded.maps();
    return List.of(
        fill("endpoints", maps.endpoints(), realizer.addressCount()),
        fill("endpoint_config", maps.endpointConfig(), realizer.interfaceCount()),
        fill("ipcache", maps.ipcache(), realizer.ipcacheSize()),
        fill("policies", maps.policies(), realizer.tableCount()),
        fill("conntrack_tcp", maps.conntrackTcp(), maps.conntrackTcp().count()),
        fill("conntrack_any", maps.conntrackAny(), maps.conntrackAny().count()),
        fill("events", maps.events(), events.pending()));
  }

  private static MapFill fill(String name, BpfMap<?, ?> map, long entries) {
    return new MapFill(name, entries, map.info().maxEntries());
  }

  long lostEvents() {
    return loaded.maps().lostEvents() - lostBefore;
  }

  @Override
  public void close() {
    events.close();
    endpoints.close();
    loaded.close();
  }
}
