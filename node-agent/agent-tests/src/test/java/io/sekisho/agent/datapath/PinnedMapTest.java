package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log says of a pinned map that has another capacity than is wanted. */
final class PinnedMapTest {
  private static final String CONNECTIONS = "conntrack_any";
  private static final Path ROOT =
      Path.of("/sys/fs/bpf/ske-pinned-" + ProcessHandle.current().pid());

  private final PinFolder pins = new PinFolder(ROOT, "n1");
  private final Logger logger = Logger.getLogger(PinnedMap.class.getName());
  private final Said said = new Said();

  /** Log records, as text. */
  private static final class Said extends Handler {
    private final List<String> texts = new ArrayList<>();

    @Override
    public void publish(LogRecord record) {
      texts.add(new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void pin() {
    pins.prepare();
    try (var object = BpfObject.openResource("conntrack")) {
      object.maxEntries(CONNECTIONS, ConnectionTable.elements(4096));
      try (var map = BpfMap.create(object.declared(CONNECTIONS))) {
        map.pin(pins.map(CONNECTIONS));
      }
    }
    logger.addHandler(said);
  }

  @AfterEach
  void unpin() throws IOException {
    logger.removeHandler(said);
    pins.delete();
    Files.delete(ROOT);
  }

  /** What is opened for so many connections: the capacity that it has. */
  private int open(int wanted) {
    try (var object = BpfObject.openResource("conntrack")) {
      object.maxEntries(CONNECTIONS, ConnectionTable.elements(wanted));
      var pinned = PinnedMap.open(pins, CONNECTIONS, object);
      try (var map = pinned.fitting().orElseThrow()) {
        return ConnectionTable.capacity(map.info().maxEntries());
      } finally {
        pinned.others().forEach(BpfMap::close);
      }
    }
  }

  /** After an uninstall there would be no memory for it either, and the agent would not start. */
  @Test
  void open_withoutMemoryForALargerOne_doesNotAdviseAnUninstall() {
    assertEquals(4096, open(400_000_000));

    assertEquals(1, said.texts.size(), said.texts::toString);
    assertTrue(said.texts.getFirst().contains("no memory"), said.texts::toString);
  }

  @Test
  void open_ofALargerOne_saysWhenTheSmallerCapacityTakesEffect() {
    assertEquals(4096, open(1024));

    assertEquals(1, said.texts.size(), said.texts::toString);
    assertTrue(said.texts.getFirst().contains("after an uninstall"), said.texts::toString);
  }

  @Test
  void open_ofASmallerOne_makesALargerOne() {
    assertEquals(8192, open(8192));

    assertFalse(Files.exists(pins.nextMap(CONNECTIONS)));
    assertTrue(said.texts.isEmpty(), said.texts::toString);
  }
}
