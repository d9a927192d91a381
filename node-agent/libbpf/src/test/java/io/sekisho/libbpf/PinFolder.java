package io.sekisho.libbpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder on bpffs that goes with all its pins when it is closed. */
final class PinFolder implements AutoCloseable {
  private final Path path;

  PinFolder() throws IOException {
    path =
        Files.createDirectory(Path.of("/sys/fs/bpf", "sklibbpf" + ProcessHandle.current().pid()));
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.list(path)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(path);
  }
}
