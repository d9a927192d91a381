package io.sekisho.libbpf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Maps in a real kernel. */
final class BpfMapTest {
  private BpfObject object;
  private MapInfo tableShape;

  @BeforeEach
  void load() {
    object = Fixture.open("fixture");
    tableShape = object.declaredInner("tables");
    object.load();
  }

  @AfterEach
  void close() {
    object.close();
  }

  private BpfMap<Integer, byte[]> pairs() {
    return object.map("pairs").as(Codec.u32(), Codec.bytes(16));
  }

  @Test
  void put_thenGet_returnsTheValue() {
    try (var map = pairs()) {
      map.put(3, new byte[16]);

      assertTrue(map.get(3).isPresent());
      assertEquals(Optional.empty(), map.get(4));
      assertTrue(map.remove(3));
      assertFalse(map.remove(3));
    }
  }

  @Test
  void getAndRemove_returnsWhatItDeleted() {
    try (var map = pairs()) {
      byte[] value = new byte[16];
      value[15] = 7;
      map.put(3, value);

      assertArrayEquals(value, map.getAndRemove(3).orElseThrow());
      assertEquals(Optional.empty(), map.getAndRemove(3));
      assertEquals(Optional.empty(), map.get(3));
    }
  }

  @Test
  void getAndRemove_fromAnArray_isAnError() {
    try (var map = object.map("counters")) {
      assertThrows(BpfException.class, () -> map.getAndRemove(Fixture.u32(0)));
    }
  }

  @Test
  void put_intoFullMap_isFull() {
    try (var map = pairs()) {
      for (int i = 0; i < 4; i++) {
        map.put(i, new byte[16]);
      }
      var error = assertThrows(BpfException.class, () -> map.put(4, new byte[16]));

      assertEquals(BpfException.Code.FULL, error.code());
      assertEquals(4, map.count());
    }
  }

  @Test
  void as_wrongSize_isInvalid() {
    try (var map = object.map("pairs")) {
      var error = assertThrows(BpfException.class, () -> map.as(Codec.u64(), Codec.bytes(16)));

      assertEquals(BpfException.Code.INVALID, error.code());
    }
  }

  @Test
  void putAll_largerThanAChunk_writesEverything() {
    var large = new MapInfo(0, "large", MapType.HASH, 4, 4, 20_000, 0);
    try (var map = BpfMap.create(large).as(Codec.u32(), Codec.u32())) {
      var entries = new HashMap<Integer, Integer>();
      for (int i = 0; i < 10_000; i++) {
        entries.put(i, i * 2);
      }
      map.putAll(entries);

      assertEquals(entries, map.entries());

      map.removeAll(List.of(1, 2, 99_999, 3));
      assertEquals(9_997, map.count());
    }
  }

  @Test
  void putAll_largerThanTheMap_isFull() {
    try (var map = pairs()) {
      var entries = new HashMap<Integer, byte[]>();
      for (int i = 0; i < 5; i++) {
        entries.put(i, new byte[16]);
      }
      var error = assertThrows(BpfException.class, () -> map.putAll(entries));

      assertEquals(BpfException.Code.FULL, error.code());
    }
  }

  @Test
  void perCpuValue_hasRoomForEveryCpu() {
    try (var map = object.map("counters").as(Codec.u32(), Codec.bytes(cpuBytes()));
        var program = object.program("counts")) {
      program.testRun(TestRun.of(Fixture.frame()).repeat(3));

      byte[] value = map.get(1).orElseThrow();
      long sum = 0;
      for (int i = 0; i < value.length; i += 8) {
        sum += value[i];
      }
      assertEquals(3, sum);
    }
  }

  private int cpuBytes() {
    try (var map = object.map("counters")) {
      return map.get(Fixture.u32(0)).orElseThrow().length;
    }
  }

  @Test
  void mapOfMaps_innerMapsByBatch_areSeenByThePrograms() {
    try (var tables = object.map("tables").as(Codec.u32(), Codec.u32());
        var inner = BpfMap.create(tableShape);
        var program = object.program("counts")) {
      inner.put(new byte[] {8, 0, 0, 0, 10, 0, 0, 0}, Fixture.u32(5));
      assertEquals(0, program.testRun(Fixture.frame()).returnValue());

      tables.putAll(Map.of(1, inner.fd(), 2, inner.fd()));

      assertEquals(100, program.testRun(Fixture.frame()).returnValue());
      assertEquals(inner.info().id(), tables.get(1).orElseThrow());
      try (var again = BpfMap.openById(tables.get(2).orElseThrow())) {
        assertEquals(inner.info(), again.info());
        assertEquals(1, again.count());
      }
    }
  }

  @Test
  void pin_thenReuse_programsSeeTheSameEntries() throws Exception {
    try (var pins = new PinFolder();
        var map = pairs()) {
      byte[] pair = new byte[16];
      pair[4] = 9;
      map.put(1, pair);
      map.pin(pins.path().resolve("pairs"));

      try (var pinned = BpfMap.openPinned(pins.path().resolve("pairs"));
          var second = Fixture.open("fixture").reuse("pairs", pinned).load();
          var program = second.program("counts")) {
        assertTrue(pinned.info().sameLayout(second.declared("pairs")));
        assertEquals(9, program.testRun(Fixture.frame()).returnValue());
      }
    }
  }

  @Test
  void openPinned_noSuchFile_isNotFound() throws Exception {
    try (var pins = new PinFolder()) {
      var error =
          assertThrows(BpfException.class, () -> BpfMap.openPinned(pins.path().resolve("nothing")));

      assertEquals(BpfException.Code.NOT_FOUND, error.code());
    }
  }

  @Test
  void entries_whileKeysVanish_ends() throws Exception {
    try (var map =
        BpfMap.create(new MapInfo(0, "busy", MapType.HASH, 4, 4, 512, 0))
            .as(Codec.u32(), Codec.u32())) {
      var all = new ArrayList<Integer>();
      for (int i = 0; i < 512; i++) {
        map.put(i, i);
        all.add(i);
      }
      var churn =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 512; i++) {
                      map.remove(i);
                    }
                  });
      assertTrue(map.entries().size() <= 512);
      churn.join();
      assertEquals(Map.of(), map.entries());
    }
  }
}
