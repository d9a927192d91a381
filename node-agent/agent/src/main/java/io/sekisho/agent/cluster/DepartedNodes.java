package io.sekisho.agent.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which nodes have gone with their object in Kubernetes: those that tell nothing any more, and that
 * Kubernetes does not know. An agent that goes on though its node was deleted keeps its place. For
 * one thread.
 */
final class DepartedNodes {
  private final Duration silence;
  private final Map<String, Seen> seen = new HashMap<>();

  /** When a node's own object was first seen as it is, ns. */
  private record Seen(String version, long nanos) {}

  /**
   * A node as it told of itself last.
   *
   * @param session under which it did
   * @param version changes whenever it tells something
   */
  record Told(String session, String version) {}

  /**
   * Nothing is known yet.
   *
   * @param silence longer than any agent that lives is silent
   */
  DepartedNodes(Duration silence) {
    this.silence = silence;
  }

  /** Nobody looks any more; silence is measured anew. */
  void forget() {
    seen.clear();
  }

  /**
   * The sessions of nodes that have gone.
   *
   * @param deleted whether Kubernetes does not know a session's node any more; asked of silent ones
   * @param now in ns, as {@link System#nanoTime}
   */
  List<String> gone(Collection<Told> present, Predicate<String> deleted, long now) {
    seen.keySet().retainAll(present.stream().map(Told::session).collect(Collectors.toSet()));
    return present.stream()
        .filter(told -> isSilent(told, now))
        .map(Told::session)
        .filter(deleted)
        .toList();
  }

  private boolean isSilent(Told told, long now) {
    Seen before = seen.get(told.session());
    if (before == null || !before.version().equals(told.version())) {
      seen.put(told.session(), new Seen(told.version(), now));
      return false;
    }
    return now - before.nanos() >= silence.toNanos();
  }
}
