package io.sekisho.testkit;

import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

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

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is here and was not there before. */
  public Set<String> since(Residue before) {
    var grown = new TreeSet<>(things);
    grown.removeAll(before.things);
    return grown;
  }
}
