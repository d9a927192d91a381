package io.sekisho.agent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where cgroups of version 2 are mounted, from their root on: what a container sees of its own
 * cgroup holds nobody else's processes.
 */
final class CgroupTree {
  private static final Path MOUNTS = Path.of("/proc/self/mounts");
  private static final String TYPE = "cgroup2";

  /** Every cgroup has it but the root. */
  private static final String NOT_OF_ROOT = "cgroup.events";

  private CgroupTree() {}

  /** The folder of all of the machine's processes; empty where there is none. */
  static Optional<Path> find() {
    try (Stream<String> mounts = Files.lines(MOUNTS)) {
      return find(mounts);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The first one of these lines: device, folder, type, and so on. */
  static Optional<Path> find(Stream<String> mounts) {
    return mounts
        .map(line -> line.split(" "))
        .filter(words -> words.length > 2 && words[2].equals(TYPE))
        .map(words -> Path.of(words[1]))
        .filter(folder -> !Files.exists(folder.resolve(NOT_OF_ROOT)))
        .findFirst();
  }
}
