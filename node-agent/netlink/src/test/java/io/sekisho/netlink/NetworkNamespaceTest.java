package io.sekisho.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Namespaces: made, entered, left, deleted. */
final class NetworkNamespaceTest {
  private static String here() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void call_inNamespace_movesOnlyItsOwnThread() {
    try (var namespaces = new TestNamespaces()) {
      String before = here();
      var namespace = namespaces.create();

      String inside = namespace.call(NetworkNamespaceTest::here);

      assertNotEquals(before, inside);
      assertEquals(before, here());
      assertEquals(inside, namespace.call(NetworkNamespaceTest::here));
    }
  }

  @Test
  void executor_manyTasks_allAreInside() throws Exception {
    try (var namespaces = new TestNamespaces()) {
      var namespace = namespaces.create();
      String inside = namespace.call(NetworkNamespaceTest::here);
      try (var executor = namespace.executor("test")) {
        for (int i = 0; i < 3; i++) {
          assertEquals(inside, executor.submit(NetworkNamespaceTest::here).get());
        }
      }
    }
  }

  @Test
  void create_twice_exists() {
    try (var namespaces = new TestNamespaces()) {
      String name = namespaces.create().path().getFileName().toString();

      var error = assertThrows(NetlinkException.class, () -> NetworkNamespace.create(name));

      assertEquals(NetlinkException.Code.EXISTS, error.code());
      assertTrue(Files.exists(NetworkNamespace.FOLDER.resolve(name)));
    }
  }

  @Test
  void create_new_hasLoopbackUp() {
    try (var namespaces = new TestNamespaces()) {
      var links =
          namespaces
              .create()
              .call(
                  () -> {
                    try (var netlink = Netlink.open()) {
                      return netlink.list(Links.all());
                    }
                  });

      assertTrue(links.getFirst().up());
    }
  }

  @Test
  void open_noSuchFile_isNotFound() {
    var error =
        assertThrows(
            NetlinkException.class, () -> NetworkNamespace.open(Path.of("/run/netns/sk-nothing")));

    assertEquals(NetlinkException.Code.NOT_FOUND, error.code());
  }

  @Test
  void delete_unknown_isFalse() {
    assertFalse(NetworkNamespace.delete("sk-nothing"));
  }

  @Test
  void create_nameWithPath_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> NetworkNamespace.create("../x"));
  }

  @Test
  void call_failing_throwsItsError() {
    try (var namespaces = new TestNamespaces()) {
      var namespace = namespaces.create();
      assertThrows(
          IllegalStateException.class,
          () ->
              namespace.run(
                  () -> {
                    throw new IllegalStateException("wanted");
                  }));
    }
  }
}
