package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.Codec;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.libbpf.MapType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What earlier agents pinned of one map: usually one map that fits, or none. Two, if an agent died
 * while it carried one over into the other, see {@link MapMigration}.
 *
 * @param fitting the map that the programs can use as it is; it may hold nothing yet
 * @param others maps whose content must be carried over; the newest first
 */
record PinnedMap(Optional<BpfMap<byte[], byte[]>> fitting, List<BpfMap<byte[], byte[]>> others) {
  private static final System.Logger LOG = System.getLogger(PinnedMap.class.getName());

  /**
   * Opens what is pinned. Beside one that is only too small a larger one is made, if there is
   * memory for it.
   *
   * @throws DatapathException INCOMPATIBLE_PINS if it neither fits nor can be carried over
   */
  static PinnedMap open(PinFolder pins, String name, BpfObject object) {
    MapInfo declared = object.declared(name);
    Optional<BpfMap<byte[], byte[]>> fitting = Optional.empty();
    var others = new ArrayList<BpfMap<byte[], byte[]>>();
    try {
      for (Path path : List.of(pins.nextMap(name), pins.map(name))) {
        if (!Files.exists(path)) {
          continue;
        }
        var map = BpfMap.openPinned(path);
        if (fitting.isEmpty() && fits(map, declared, object, name)) {
          fitting = Optional.of(map);
          continue;
        }
        others.add(map);
        requirePossible(map.info(), declared, path);
        if (fitting.isEmpty() && isOnlyTooSmall(map.info(), declared)) {
          fitting = larger(name, declared);
          if (fitting.isEmpty()) {
            others.remove(map);
            fitting = Optional.of(map);
          }
        }
      }
    } catch (RuntimeException e) {
      fitting.ifPresent(BpfMap::close);
      others.forEach(BpfMap::close);
      throw e;
    }
    fitting.ifPresent(map -> tellCapacity(name, map.info(), declared));
    return new PinnedMap(fitting, others);
  }

  private static boolean isOnlyTooSmall(MapInfo pinned, MapInfo declared) {
    return pinned.sameLayout(declared) && pinned.maxEntries() < declared.maxEntries();
  }

  /** A map as the programs declare it; empty if there is no memory for it. */
  private static Optional<BpfMap<byte[], byte[]>> larger(String name, MapInfo declared) {
    try {
      var map = BpfMap.create(declared);
      if (ConnectionTable.isTable(declared)) {
        ConnectionTable.begin(map);
      }
      return Optional.of(map);
    } catch (BpfException e) {
      if (e.code() != BpfException.Code.NO_MEMORY && e.code() != BpfException.Code.FULL) {
        throw e;
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "map {0} stays as it is, for there is no memory for a larger one: {1}",
          name,
          e.getMessage());
      return Optional.empty();
    }
  }

  private static void requirePossible(MapInfo pinned, MapInfo declared, Path path) {
    if (!canBeCarried(pinned, declared)) {
      throw new DatapathException(
          Code.INCOMPATIBLE_PINS,
          "pinned map %s is %s, the programs need %s; uninstall removes it"
              .formatted(path, pinned, declared));
    }
  }

  private static boolean canBeCarried(MapInfo pinned, MapInfo declared) {
    return MapMigration.isPossible(pinned, declared)
        || ConnectionMigration.isPossible(pinned, declared);
  }

  private static boolean fits(
      BpfMap<byte[], byte[]> map, MapInfo declared, BpfObject object, String name) {
    return map.info().sameLayout(declared)
        && (map.info().maxEntries() >= declared.maxEntries() || !canBeCarried(map.info(), declared))
        && (map.info().type() != MapType.HASH_OF_MAPS
            || tablesFit(map, object.declaredInner(name)));
  }

  /** An empty map of maps does not tell how its tables look: it is made anew, at no loss. */
  private static boolean tablesFit(BpfMap<byte[], byte[]> outer, MapInfo shape) {
    var tables = outer.as(Codec.u32(), Codec.u32()).entries().values();
    if (tables.isEmpty()) {
      return false;
    }
    try (var table = BpfMap.openById(tables.iterator().next())) {
      return table.info().sameLayout(shape);
    }
  }

  /** What a map that takes the place of existing ones must have room for at least. */
  Optional<Integer> elements(MapInfo declared) {
    return others.stream()
        .map(map -> elements(map.info(), declared))
        .max(Comparator.naturalOrder());
  }

  private static int elements(MapInfo pinned, MapInfo declared) {
    return ConnectionTable.isTable(declared) && !ConnectionTable.isTable(pinned)
        ? ConnectionTable.elements(pinned.maxEntries())
        : pinned.maxEntries();
  }

  /** Of one that stays too small for want of memory all has been said. */
  private static void tellCapacity(String name, MapInfo pinned, MapInfo declared) {
    if (pinned.maxEntries() > declared.maxEntries()
        || (pinned.maxEntries() < declared.maxEntries() && !canBeCarried(pinned, declared))) {
      LOG.log(
          System.Logger.Level.INFO,
          "map {0} keeps its capacity of {1} entries; {2} are configured, which takes effect after"
              + " an uninstall",
          name,
          Integer.toString(capacity(pinned)),
          Integer.toString(capacity(declared)));
    }
  }

  private static int capacity(MapInfo map) {
    return ConnectionTable.isTable(map)
        ? ConnectionTable.capacity(map.maxEntries())
        : map.maxEntries();
  }
}
