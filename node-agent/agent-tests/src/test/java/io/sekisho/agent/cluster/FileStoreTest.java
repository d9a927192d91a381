package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded store: the contract, and its file. */
final class FileStoreTest extends ClusterStoreContract {
  @TempDir Path folder;

  @Override
  ClusterStore open() {
    return new FileStore(folder.resolve("store"));
  }

  @Override
  ClusterStore again() {
    return open();
  }

  @Test
  void write_file_isForItsOwnerOnly() throws Exception {
    store.put("a", bytes("1"), Lifetime.PERSISTENT);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("store"))));
  }

  @Test
  void version_afterRestart_isNeverUsedAgain() {
    long last = 0;
    for (int i = 0; i < 20; i++) {
      last = store.put("nodes/n1", bytes("" + i), Lifetime.SESSION);
    }
    store.close();
    try (var next = again()) {
      assertTrue(next.put("nodes/n1", bytes("x"), Lifetime.SESSION) > last);
    }
  }

  @Test
  void put_moreThanOneBlock_goesOn() {
    long first = store.put("a", bytes("x"), Lifetime.SESSION);
    long last = first;
    for (int i = 0; i < 10_000; i++) {
      long next = store.put("a", bytes("x"), Lifetime.SESSION);
      assertTrue(next > last);
      last = next;
    }
  }

  @Test
  void open_tornFile_isSetAsideWithError() throws Exception {
    store.put("a", bytes("1"), Lifetime.PERSISTENT);
    store.close();
    byte[] content = Files.readAllBytes(folder.resolve("store"));
    Files.write(folder.resolve("store"), java.util.Arrays.copyOf(content, content.length - 3));

    try (var next = again()) {
      assertTrue(next.get("a").isEmpty());
      assertTrue(next.health().message().contains("torn"), next.health().message());
      assertTrue(Files.exists(folder.resolve("store.broken")));
      next.put("b", bytes("2"), Lifetime.PERSISTENT);
    }
    try (var third = again()) {
      assertTrue(third.get("b").isPresent());
    }
  }

  @Test
  void open_anyFlippedBit_neverGivesWrongValue() throws Exception {
    store.put("key", bytes("value"), Lifetime.PERSISTENT);
    store.close();
    Path file = folder.resolve("store");
    byte[] good = Files.readAllBytes(file);
    for (int bit = 0; bit < good.length * 8; bit += 7) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, bad);
      try (var next = again()) {
        assertTrue(next.get("key").isEmpty());
      }
    }
  }

  @Test
  void open_foreignFile_isSetAside() throws Exception {
    store.close();
    Files.writeString(folder.resolve("store"), "node: {name: n1}\n");
    try (var next = again()) {
      assertTrue(next.health().message().contains("another format"), next.health().message());
    }
  }

  @Test
  void decode_garbageWithGoodChecksum_isCorrupt() {
    var random = new Random(7);
    for (int i = 0; i < 500; i++) {
      var garbage = new byte[random.nextInt(60)];
      random.nextBytes(garbage);
      if (garbage.length > 12) {
        garbage[8] = 0;
        garbage[9] = 0;
        garbage[10] = 1;
      }
      try {
        FileSnapshot.decode(garbage);
      } catch (ClusterStoreException e) {
        assertEquals(ClusterStoreException.Code.CORRUPT, e.code());
      }
    }
  }

  @Test
  void open_unwritableFolder_isUnavailable() throws Exception {
    Path file = Files.createFile(folder.resolve("plain"));
    var error =
        assertThrows(ClusterStoreException.class, () -> new FileStore(file.resolve("store")));
    assertEquals(ClusterStoreException.Code.UNAVAILABLE, error.code());
  }
}
