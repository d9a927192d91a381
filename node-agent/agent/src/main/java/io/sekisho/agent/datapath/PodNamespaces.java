package io.sekisho.agent.datapath;

import io.sekisho.netlink.NamespaceIds;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the network namespaces in which pods' ends of interface pairs lie, from nothing but the
 * number that this namespace has for them, so that an agent needs to remember nothing: it looks at
 * the named namespaces and at those of all processes.
 */
final class PodNamespaces {
  private static final Path PROCESSES = Path.of("/proc");

  private final Map<Integer, Path> byNumber = new HashMap<>();

  /** Looks at what there is now. */
  PodNamespaces(Netlink netlink) {
    named().forEach(path -> note(netlink, path));
    var seen = new HashSet<Object>();
    for (Path path : ofProcesses()) {
      identity(path).filter(seen::add).ifPresent(id -> note(netlink, path));
    }
  }

  /** The file that stands for the namespace with this number. */
  Optional<Path> find(int number) {
    return Optional.ofNullable(byNumber.get(number));
  }

  private void note(Netlink netlink, Path path) {
    try (var namespace = NetworkNamespace.open(path)) {
      netlink
          .find(NamespaceIds.of(namespace))
          .ifPresent(number -> byNumber.putIfAbsent(number, path));
    } catch (NetlinkException e) {
      // It ended while we looked, or the file is none: then no pod of ours is in it.
      byNumber.values().remove(path);
    }
  }

  private static Set<Path> named() {
    return list(NetworkNamespace.FOLDER, path -> Optional.of(path));
  }

  private static Set<Path> ofProcesses() {
    return list(
        PROCESSES,
        process ->
            process.getFileName().toString().chars().allMatch(Character::isDigit)
                ? Optional.of(process.resolve("ns/net"))
                : Optional.empty());
  }

  private static Set<Path> list(
      Path folder, java.util.function.Function<Path, Optional<Path>> pick) {
    var found = new HashSet<Path>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(path -> pick.apply(path).ifPresent(found::add));
    } catch (IOException e) {
      // No such folder: no namespaces there.
      return found;
    }
    return found;
  }

  /** Which namespace a process is in: the text of the link, {@code net:[4026531840]}. */
  private static Optional<Path> identity(Path path) {
    try {
      return Optional.of(Files.readSymbolicLink(path));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
