package io.sekisho.testkit;

import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What tests may forget in the kernel: named namespaces, links of this namespace, pins. Take one
 * before, one after, and nothing of yours may be new. Other tests may run beside yours, so only
 * what bears your mark counts.
 */
public record Residue(Set<String> things) {
  private static final Path BPFFS = Path.of("/sys/fs/bpf");

  /** Keeps an immutable copy. */
  public Residue {
    things = Set.copyOf(things);
  }

  /** What is there now, of all whose name contains the mark. */
  public static Residue of(String mark) {
    var things = new TreeSet<String>();
    files(NetworkNamespace.FOLDER).forEach(file -> things.add("namespace " + file.getFileName()));
    files(BPFFS).forEach(file -> things.add("pin " + file));
    try (var netlink = Netlink.open()) {
      netlink.list(Links.all()).forEach(link -> things.add("link " + link.name()));
    }
    things.removeIf(thing -> !thing.contains(mark));
    return new Residue(things);
  }

  /** What others take away meanwhile is not there. */
  private static List<Path> files(Path folder) {
    var found = new ArrayList<Path>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              return visitFile(path, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
              found.add(path);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException gone) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, IOException gone) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** What is here and was not there before. */
  public Set<String> since(Residue before) {
    var grown = new TreeSet<>(things);
    grown.removeAll(before.things);
    return grown;
  }
}
