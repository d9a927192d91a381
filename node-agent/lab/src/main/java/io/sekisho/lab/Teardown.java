package io.sekisho.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Removes every trace of a lab. It looks at the kernel and not at what the lab remembers, so that
 * it works after any crash: all of the lab's processes live in the lab's network namespaces, and
 * nothing else does.
 */
final class Teardown {
  private static final Duration GRACE = Duration.ofSeconds(4);

  private final LabNames names;
  private final LabFolder folder;

  Teardown(LabNames names, LabFolder folder) {
    this.names = names;
    this.folder = folder;
  }

  /** Ends and removes all; does nothing where nothing is. Logs stay. */
  void run() {
    List<String> namespaces = namespaces();
    endProcesses(namespaces);
    removeLinks();
    Ip.deleteNamespaces(namespaces);
    delete(names.pins());
    SmallDisk.unmountBelow(folder.root());
    for (Path path :
        List.of(
            folder.processes(),
            folder.counters(),
            folder.root().resolve("run"),
            folder.root().resolve("nodes"),
            folder.etcd(),
            folder.pki(),
            folder.description(),
            folder.consoleProfile())) {
      delete(path);
    }
  }

  /** The lab's namespaces that exist. */
  List<String> namespaces() {
    List<String> found = new ArrayList<>();
    Path folderOfNamespaces = LabNames.file("").toAbsolutePath();
    if (!Files.isDirectory(folderOfNamespaces)) {
      return found;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folderOfNamespaces, names.lab() + "-*")) {
      files.forEach(file -> found.add(file.getFileName().toString()));
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "cannot list network namespaces", e);
    }
    return found;
  }

  /** Processes inside the lab's namespaces. */
  Set<ProcessHandle> processes(List<String> namespaces) {
    Set<Object> keys = new HashSet<>();
    for (String namespace : namespaces) {
      inode(LabNames.file(namespace)).ifPresent(keys::add);
    }
    Set<ProcessHandle> found = new HashSet<>();
    ProcessHandle.allProcesses()
        .filter(
            process ->
                inode(Path.of("/proc/" + process.pid() + "/ns/net"))
                    .filter(keys::contains)
                    .isPresent())
        .forEach(found::add);
    return found;
  }

  private void endProcesses(List<String> namespaces) {
    processes(namespaces).forEach(ProcessHandle::destroy);
    try {
      Await.until(GRACE, () -> "processes stay", () -> processes(namespaces).isEmpty());
    } catch (LabException e) {
      processes(namespaces).forEach(ProcessHandle::destroyForcibly);
      Await.until(
          GRACE,
          () -> "processes cannot be killed: " + processes(namespaces),
          () -> processes(namespaces).isEmpty());
    }
  }

  private void removeLinks() {
    if (Files.exists(Path.of("/sys/class/net").resolve(names.hostLink()))) {
      new Ip().add("link del " + names.hostLink()).run();
    }
  }

  private static Optional<Object> inode(Path file) {
    try {
      return Optional.of(Files.getAttribute(file, "unix:ino"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void delete(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "cannot remove " + path, e);
    }
  }
}
