package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.BpfProgram;
import io.sekisho.libbpf.MapInfo;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads the compiled objects so that all of them share one set of maps, which are pinned. Maps that
 * an earlier agent pinned are used again if they hold the same things in the same way; a map keeps
 * the capacity with which it was made.
 */
final class Loader {
  private static final List<String> OBJECTS = List.of("endpoint", "overlay");
  private static final List<String> CONNECTION_TABLES = List.of("conntrack_tcp", "conntrack_any");
  private static final String EVENTS = "events";
  private static final String POLICIES = "policies";

  private final PinFolder pins;
  private final NodeConfig config;
  private final Map<String, BpfMap<byte[], byte[]>> maps = new LinkedHashMap<>();
  private final Map<String, BpfProgram> programs = new LinkedHashMap<>();

  Loader(PinFolder pins, NodeConfig config) {
    this.pins = pins;
    this.config = config;
  }

  /**
   * What was loaded.
   *
   * @param maps the node's maps
   * @param programs programs by their names in the source
   */
  record Loaded(DatapathMaps maps, Map<String, BpfProgram> programs) implements AutoCloseable {
    BpfProgram program(String name) {
      var program = programs.get(name);
      if (program == null) {
        throw new DatapathException(Code.LOAD_FAILED, "no object has a program " + name);
      }
      return program;
    }

    @Override
    public void close() {
      programs.values().forEach(BpfProgram::close);
      maps.close();
    }
  }

  Loaded load(NodeSettings settings) {
    try {
      MapInfo tableShape = null;
      for (String name : OBJECTS) {
        try (var object = BpfObject.openResource(name)) {
          tableShape = object.declaredInner(POLICIES);
          load(name, object, settings);
        }
      }
      if (tableShape == null) {
        throw new IllegalStateException("there is at least one object");
      }
      return new Loaded(DatapathMaps.of(maps, tableShape), programs);
    } catch (RuntimeException e) {
      maps.values().forEach(BpfMap::close);
      programs.values().forEach(BpfProgram::close);
      throw e;
    }
  }

  private void load(String name, BpfObject object, NodeSettings settings) {
    int version = NodeSettings.layoutVersion(object.get(NodeSettings.VARIABLE));
    if (version != NodeSettings.LAYOUT_VERSION) {
      throw new DatapathException(
          Code.LOAD_FAILED,
          "object %s has layout %d, this agent knows %d"
              .formatted(name, version, NodeSettings.LAYOUT_VERSION));
    }
    object.set(NodeSettings.VARIABLE, settings.encode());
    setCapacities(object);
    for (String map : object.mapNames()) {
      existing(object, map);
    }
    object.load();
    for (String map : object.mapNames()) {
      if (!maps.containsKey(map)) {
        var made = object.map(map);
        maps.put(map, made);
        made.pin(pins.map(map));
      }
    }
    object.programNames().forEach(program -> programs.put(program, object.program(program)));
  }

  private void setCapacities(BpfObject object) {
    for (String map : object.mapNames()) {
      if (CONNECTION_TABLES.contains(map)) {
        object.maxEntries(map, config.conntrackEntries());
      } else if (map.equals(EVENTS)) {
        object.maxEntries(map, config.eventRingBytes());
      }
    }
  }

  private void existing(BpfObject object, String map) {
    if (!maps.containsKey(map) && Files.exists(pins.map(map))) {
      var pinned = BpfMap.openPinned(pins.map(map));
      maps.put(map, pinned);
      if (!pinned.info().sameLayout(object.declared(map))) {
        throw new DatapathException(
            Code.INCOMPATIBLE_PINS,
            "pinned map %s is %s, the programs need %s; uninstall removes it"
                .formatted(pins.map(map), pinned.info(), object.declared(map)));
      }
    }
    var known = maps.get(map);
    if (known != null) {
      object.reuse(map, known);
    }
  }
}
