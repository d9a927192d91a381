package io.sekisho.agent.endpoint;

import static io.sekisho.agent.CoreFixture.add;
import static io.sekisho.agent.CoreFixture.delete;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.CoreFixture;
import io.sekisho.agent.Eventually;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state folder on a small file system of its own, which is full at times. */
class DiskFullTest {
  @TempDir Path folder;
  private Path state;
  private CoreFixture agent;

  @BeforeEach
  void mount() throws Exception {
    state = Files.createDirectory(folder.resolve("state"));
    assertEquals(
        0, run("mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "none", state.toString()));
    agent = new CoreFixture(folder).start();
  }

  @AfterEach
  void unmount() throws Exception {
    agent.close();
    assertEquals(0, run("umount", "--lazy", state.toString()));
  }

  private static int run(String... words) throws Exception {
    return new ProcessBuilder(words).inheritIO().start().waitFor();
  }

  private void fill() {
    try (OutputStream out = Files.newOutputStream(state.resolve("filler"))) {
      for (int i = 0; i < 1 << 10; i++) {
        out.write(new byte[4096]);
      }
      throw new AssertionError("the file system has more room than it should");
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e::toString);
    }
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(state.resolve("endpoints"))) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  @Test
  void add_diskFull_failsLeavesNothingAndRecovers() throws Exception {
    assertEquals(Optional.empty(), agent.call(add("c1", "cart-1", "app=cart")).failure());
    fill();
    var error = agent.call(add("c2", "cart-2", "app=cart")).failure().orElseThrow();
    assertEquals(5, error.code());
    assertTrue(error.msg().contains("No space left"), error::msg);
    assertEquals(List.of(1), List.copyOf(agent.datapath().wired().keySet()));
    assertEquals(List.of("1.json"), files());
    assertEquals(1, agent.cluster.inventory().endpoints().size());
    assertTrue(agent.core().health().problems().toString().contains("state folder"));

    Files.delete(state.resolve("filler"));

    Eventually.holds(() -> agent.core().health().problems().isEmpty());
    assertEquals(Optional.empty(), agent.call(add("c2", "cart-2", "app=cart")).failure());
    assertEquals(2, agent.datapath().wired().size());
  }

  @Test
  void delete_diskFull_works() throws Exception {
    agent.call(add("c1", "cart-1", "app=cart"));
    fill();
    assertEquals(Optional.empty(), agent.call(delete("c1")).failure());
    assertEquals(Map.of(), agent.datapath().wired());
    assertEquals(List.of(), files());
  }
}
