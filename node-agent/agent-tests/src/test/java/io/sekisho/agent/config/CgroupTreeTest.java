package io.sekisho.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where cgroups of version 2 are found. */
final class CgroupTreeTest {
  @TempDir Path folder;

  private Optional<Path> find() {
    return CgroupTree.find(
        Stream.of(
            "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
            "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0",
            "",
            "cgroup2 " + folder + " cgroup2 rw 0 0"));
  }

  @Test
  void find_besideTreesOfVersion1_isTheOneOfVersion2() {
    assertEquals(Optional.of(folder), find());
    assertEquals(Optional.empty(), CgroupTree.find(Stream.of("cgroup /x cgroup rw 0 0")));
  }

  @Test
  void find_whatAContainerSeesOfItself_isNone() throws IOException {
    Files.createFile(folder.resolve("cgroup.events"));
    assertEquals(Optional.empty(), find());
  }
}
