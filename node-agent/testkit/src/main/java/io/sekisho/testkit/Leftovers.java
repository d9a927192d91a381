package io.sekisho.testkit;

import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What test runs that were killed left in the kernel: network namespaces, and pins on bpffs, whose
 * names bear a process that is gone.
 */
final class Leftovers {
  /** {@link TestNamespaces#prefix} and what follows it. */
  private static final Pattern NAME = Pattern.compile("sk[a-z0-9]*[a-z](\\d{1,9})-\\d+(-.*)?");

  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final Path PINS = Path.of("/sys/fs/bpf");

  private Leftovers() {}

  /** Takes all of it away. */
  static void sweep() {
    for (Path namespace : of(NAMESPACES)) {
      NetworkNamespace.delete(namespace.getFileName().toString());
    }
    of(PINS).forEach(Leftovers::unpin);
  }

  /** Whether a name is that of a test whose process is gone. */
  static boolean isLeft(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() && !Files.exists(Path.of("/proc", matcher.group(1)));
  }

  private static List<Path> of(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(p -> isLeft(p.getFileName().toString())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  /** Another test run may be doing the same. */
  private static void unpin(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      if (Files.exists(folder)) {
        throw new IllegalStateException("cannot take away " + folder, e);
      }
    }
  }
}
