package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.libbpf.system.Errno;
import io.sekisho.libbpf.system.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder on bpffs that keeps a node's maps and links while no agent runs. */
final class PinFolder {
  private static final Path BPFFS = Path.of("/sys/fs/bpf");
  private static final String BPFFS_TYPE = "bpf";

  private final Path root;

  PinFolder(Path pinRoot, String node) {
    if (node.isEmpty() || node.contains("/") || node.startsWith(".")) {
      throw new IllegalArgumentException("'" + node + "' is no name for a pin folder");
    }
    this.root = pinRoot.resolve(node);
  }

  /** Makes the folder, and mounts bpffs at its usual place if the folder lies there. */
  void prepare() {
    try {
      if (root.startsWith(BPFFS) && !isBpffs(BPFFS)) {
        int result = SystemCalls.mount(BPFFS_TYPE, BPFFS);
        if (result < 0) {
          throw unusable("it cannot be mounted: " + Errno.describe(-result));
        }
      }
      Files.createDirectories(maps());
      Files.createDirectories(links());
      if (!isBpffs(root)) {
        throw unusable("it is not a bpf file system; mount one there (mount -t bpf bpf DIR)");
      }
    } catch (IOException e) {
      throw new DatapathException(Code.PERMISSION_DENIED, "pin folder " + root + ": " + e, e);
    }
  }

  private static boolean isBpffs(Path path) throws IOException {
    return Files.getFileStore(path).type().equals(BPFFS_TYPE);
  }

  private DatapathException unusable(String why) {
    return new DatapathException(Code.UNSUPPORTED_FEATURE, "pin folder " + root + ": " + why);
  }

  Path maps() {
    return root.resolve("maps");
  }

  Path map(String name) {
    return maps().resolve(name);
  }

  Path links() {
    return root.resolve("links");
  }

  Path link(String name) {
    return links().resolve(name);
  }

  /** Names of the pinned links. */
  List<String> linkNames() {
    if (!Files.isDirectory(links())) {
      return List.of();
    }
    try (var files = Files.list(links())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new DatapathException(Code.PERMISSION_DENIED, "pin folder " + links() + ": " + e, e);
    }
  }

  /** Takes one pin away, if it is there. */
  static void unpin(Path pin) {
    try {
      Files.deleteIfExists(pin);
    } catch (IOException e) {
      throw new DatapathException(Code.PERMISSION_DENIED, "pin " + pin + ": " + e, e);
    }
  }

  /** Takes all pins and the folder away. */
  void delete() {
    try {
      for (Path folder : List.of(links(), maps(), root)) {
        if (Files.isDirectory(folder)) {
          deleteFolder(folder);
        }
      }
    } catch (IOException e) {
      throw new DatapathException(Code.PERMISSION_DENIED, "pin folder " + root + ": " + e, e);
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
