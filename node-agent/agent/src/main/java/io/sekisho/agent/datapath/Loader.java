package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.BpfProgram;
import io.sekisho.libbpf.Codec;
import io.sekisho.libbpf.MapInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads the compiled objects so that all of them share one set of maps, which are pinned. Maps that
 * an earlier agent pinned are used again if they hold the same things in the same way and are as
 * large at least; if they are smaller, or only their values grew or shrank at the end, what they
 * hold is carried over into new ones.
 */
final class Loader {
  /** First, for its programs carry connections over into its tables. */
  private static final String CONNTRACK = "conntrack";

  private static final String ENDPOINT = "endpoint";
  private static final List<String> OBJECTS =
      List.of(CONNTRACK, ENDPOINT, "overlay", "netdev", "xdp");

  /** Only where services are wanted: a kernel without cgroup programs does without. */
  private static final String SOCKET = "socket";

  private static final String NAT = "nat";
  private static final String EVENTS = "events";
  private static final String POLICIES = "policies";

  /** Programs change within this, or the agent dies. */
  private static final Duration MOVING = Duration.ofSeconds(5);

  private final PinFolder pins;
  private final NodeConfig config;
  private final Function<String, BpfObject> objects;
  private final Map<String, BpfMap<byte[], byte[]>> maps = new LinkedHashMap<>();
  private final Map<String, BpfProgram> programs = new LinkedHashMap<>();
  private final List<Migration> migrations = new ArrayList<>();
  private final List<BpfMap<byte[], byte[]>> others = new ArrayList<>();

  /** Where objects come from, by their names, is given, so that tests bring other versions. */
  Loader(PinFolder pins, NodeConfig config, Function<String, BpfObject> objects) {
    this.pins = pins;
    this.config = config;
    this.objects = objects;
  }

  /**
   * What was loaded.
   *
   * @param maps the node's maps
   * @param all the same by their names in the source, and the others
   * @param programs programs by their names in the source
   * @param migrations what must still be carried over
   */
  record Loaded(
      DatapathMaps maps,
      Map<String, BpfMap<byte[], byte[]>> all,
      Map<String, BpfProgram> programs,
      List<Migration> migrations)
      implements AutoCloseable {
    /** Connections by key. */
    ConnectionAccess connections() {
      return ConnectionAccess.of(programs);
    }

    BpfProgram program(String name) {
      return found(programs.get(name), "program " + name);
    }

    BpfMap<byte[], byte[]> map(String name) {
      return found(all.get(name), "map " + name);
    }

    private static <T> T found(@Nullable T thing, String what) {
      if (thing == null) {
        throw new DatapathException(Code.LOAD_FAILED, "no object has a " + what);
      }
      return thing;
    }

    /**
     * Carries over what came since the load; right before programs change. From then on programs
     * know that TCP connections may be in old maps alone.
     */
    void catchUp() {
      migrations.forEach(Migration::copy);
      boolean connections = migrations.stream().anyMatch(ConnectionMigration.class::isInstance);
      moving(connections ? System.nanoTime() + MOVING.toNanos() : 0);
    }

    /** Carries over the last entries; as soon as no old program runs any more. */
    void finishMigrations() {
      migrations.forEach(Migration::finish);
      moving(0);
    }

    private void moving(long until) {
      map("conntrack_moving").as(Codec.u32(), Codec.u64()).put(0, until);
    }

    @Override
    public void close() {
      programs.values().forEach(BpfProgram::close);
      all.values().forEach(BpfMap::close);
      migrations.forEach(Migration::close);
    }
  }

  Loaded load(NodeSettings settings) {
    try {
      MapInfo tableShape = tableShape();
      var names = new ArrayList<>(OBJECTS);
      config.cgroup().ifPresent(cgroup -> names.add(SOCKET));
      for (String name : names) {
        try (var object = objects.apply(name)) {
          load(name, object, settings, tableShape);
        }
      }
      return new Loaded(DatapathMaps.of(maps, tableShape), maps, programs, migrations);
    } catch (RuntimeException e) {
      maps.values().forEach(BpfMap::close);
      programs.values().forEach(BpfProgram::close);
      others.forEach(BpfMap::close);
      throw e;
    }
  }

  private MapInfo tableShape() {
    try (var object = objects.apply(ENDPOINT)) {
      return object.declaredInner(POLICIES);
    }
  }

  private void load(String name, BpfObject object, NodeSettings settings, MapInfo tableShape) {
    int version = NodeSettings.layoutVersion(object.get(NodeSettings.VARIABLE));
    if (version != NodeSettings.LAYOUT_VERSION) {
      throw new DatapathException(
          Code.LOAD_FAILED,
          "object %s has layout %d, this agent knows %d"
              .formatted(name, version, NodeSettings.LAYOUT_VERSION));
    }
    object.set(NodeSettings.VARIABLE, settings.encode());
    setCapacities(object);
    var old = new LinkedHashMap<String, PinnedMap>();
    for (String map : object.mapNames()) {
      if (!maps.containsKey(map)) {
        PinnedMap pinned = PinnedMap.open(pins, map, object);
        old.put(map, pinned);
        others.addAll(pinned.others());
        pinned
            .fitting()
            .ifPresentOrElse(
                fitting -> maps.put(map, fitting), () -> keepElements(object, map, pinned));
      }
      var known = maps.get(map);
      if (known != null) {
        object.reuse(map, known);
      }
    }
    object.load();
    object.programNames().forEach(program -> programs.put(program, object.program(program)));
    old.forEach((map, pinned) -> take(map, pinned, object, tableShape));
  }

  private void take(String name, PinnedMap pinned, BpfObject object, MapInfo tableShape) {
    BpfMap<byte[], byte[]> map = maps.computeIfAbsent(name, object::map);
    if (pinned.fitting().isEmpty() && ConnectionTable.NAMES.contains(name)) {
      ConnectionTable.begin(map);
    }
    if (!pinned.others().isEmpty()) {
      var migration = migration(name, pinned.others(), map, tableShape);
      migrations.add(migration);
      migration.copy();
      pins.pinNext(name, map);
    } else if (pinned.fitting().isEmpty()) {
      map.pin(pins.map(name));
    }
  }

  private Migration migration(
      String name,
      List<BpfMap<byte[], byte[]>> from,
      BpfMap<byte[], byte[]> to,
      MapInfo tableShape) {
    return ConnectionTable.NAMES.contains(name)
        ? new ConnectionMigration(pins, name, from, to.info(), ConnectionAccess.of(programs))
        : new MapMigration(pins, name, from, to, tableShape);
  }

  private static void keepElements(BpfObject object, String map, PinnedMap pinned) {
    MapInfo declared = object.declared(map);
    pinned
        .elements(declared)
        .ifPresent(kept -> object.maxEntries(map, Math.max(kept, declared.maxEntries())));
  }

  private void setCapacities(BpfObject object) {
    for (String map : object.mapNames()) {
      if (ConnectionTable.NAMES.contains(map)) {
        object.maxEntries(map, ConnectionTable.elements(config.conntrackEntries()));
      } else if (map.equals(NAT)) {
        object.maxEntries(map, config.natEntries());
      } else if (map.equals(EVENTS)) {
        object.maxEntries(map, config.eventRingBytes());
      }
    }
  }
}
