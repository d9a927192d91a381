package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.BpfProgram;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables of connections, of mappings and of fragments, of a real kernel, that nobody pins. */
final class ConnectionMaps implements AutoCloseable {
  private final Map<String, BpfMap<byte[], byte[]>> maps = new HashMap<>();
  private final Map<String, BpfProgram> programs = new HashMap<>();

  ConnectionMaps() {
    try (var conntrack = BpfObject.openResource("conntrack");
        var netdev = BpfObject.openResource("netdev")) {
      conntrack.load();
      conntrack.programNames().forEach(name -> programs.put(name, conntrack.program(name)));
      for (String name : ConnectionTable.NAMES) {
        maps.put(name, conntrack.map(name));
        ConnectionTable.begin(get(name));
        netdev.reuse(name, get(name));
      }
      netdev.load();
      for (String name : List.of("nat", "fragments")) {
        maps.put(name, netdev.map(name));
      }
    }
  }

  BpfMap<byte[], byte[]> get(String name) {
    var map = maps.get(name);
    if (map == null) {
      throw new IllegalArgumentException("no map " + name);
    }
    return map;
  }

  ConnectionAccess access() {
    return ConnectionAccess.of(programs);
  }

  @Override
  public void close() {
    maps.values().forEach(BpfMap::close);
    programs.values().forEach(BpfProgram::close);
  }
}
