package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.system.Errno;
import io.sekisho.libbpf.system.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The folder on bpffs that keeps a node's maps and links while no agent runs. */
final class PinFolder {
  private static final Path BPFFS = Path.of("/sys/fs/bpf");
  private static final String BPFFS_TYPE = "bpf";
  private static final String NOTE_PREFIX = "note:";

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

  /** Where a map waits that will take another one's place; bpffs allows no dots in names. */
  Path nextMap(String name) {
    return maps().resolve(name + "_next");
  }

  /**
   * Pins a map beside the one whose place it will take, in the place of one that waits already:
   * programs may use that one, so there is no moment without either.
   */
  void pinNext(String name, BpfMap<?, ?> map) {
    Path begun = maps().resolve(name + "_begun");
    unpin(begun);
    map.pin(begun);
    rename(begun, nextMap(name));
  }

  /** The map that waits takes the other one's place, in one step. */
  void replaceMap(String name) {
    rename(nextMap(name), map(name));
  }

  private static void rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new DatapathException(Code.PERMISSION_DENIED, "pin " + to + ": " + e, e);
    }
  }

  /** Gives a pinned link another name, in one step. */
  void renameLink(String from, String to) {
    rename(link(from), link(to));
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

  /**
   * Keeps a short text as long as the pins live. A bpf file system holds no files, but links, and a
   * link's target is any text.
   */
  void note(String name, String text) {
    Path note = root.resolve(name);
    try {
      if (note(name).equals(Optional.of(text))) {
        return;
      }
      Files.deleteIfExists(note);
      Files.createSymbolicLink(note, Path.of(NOTE_PREFIX + text));
    } catch (IOException e) {
      throw new DatapathException(Code.PERMISSION_DENIED, "note " + note + ": " + e, e);
    }
  }

  /** Takes a note away, if there is one. */
  void forget(String name) {
    unpin(root.resolve(name));
  }

  /** What was noted; empty if nothing was. */
  Optional<String> note(String name) {
    try {
      String target = Files.readSymbolicLink(root.resolve(name)).toString();
      return target.startsWith(NOTE_PREFIX)
          ? Optional.of(target.substring(NOTE_PREFIX.length()))
          : Optional.empty();
    } catch (NoSuchFileException | NotLinkException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new DatapathException(Code.PERMISSION_DENIED, "note " + name + ": " + e, e);
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
