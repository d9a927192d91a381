package io.sekisho.agent.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which sessions are over, by one process's own clock: those whose lease stands still for its
 * length, and those that values name though they have no lease, for as long. Silence counts only
 * while somebody looks: after a pause it begins anew, since nobody could renew while the server, or
 * this process, was away. For one thread.
 */
final class SilentSessions {
  private final Duration interval;
  private final Duration patience;
  private final Map<String, Seen> leases = new HashMap<>();
  private final Map<String, Long> orphans = new HashMap<>();
  private Optional<Long> looked = Optional.empty();

  /** When a lease was first seen as it is, ns. */
  private record Seen(String renewed, long nanos) {}

  /**
   * A lease as it is.
   *
   * @param session whose
   * @param renewed changes whenever it is renewed
   * @param length how long it lasts
   */
  record Lease(String session, String renewed, Duration length) {}

  /**
   * Nothing is known yet.
   *
   * @param interval how often somebody looks
   * @param patience with sessions that have no lease
   */
  SilentSessions(Duration interval, Duration patience) {
    this.interval = interval;
    this.patience = patience;
  }

  /** Nobody looks any more. */
  void forget() {
    looked = Optional.empty();
  }

  /**
   * The sessions that are over.
   *
   * @param present every lease
   * @param now in ns, as {@link System#nanoTime}
   */
  List<String> over(Collection<Lease> present, long now) {
    if (looked.isEmpty() || now - looked.get() > 2 * interval.toNanos()) {
      leases.clear();
      orphans.clear();
    }
    looked = Optional.of(now);
    leases.keySet().retainAll(present.stream().map(Lease::session).collect(Collectors.toSet()));
    return present.stream().filter(lease -> isOver(lease, now)).map(Lease::session).toList();
  }

  private boolean isOver(Lease lease, long now) {
    Seen before = leases.get(lease.session());
    if (before == null || !before.renewed().equals(lease.renewed())) {
      leases.put(lease.session(), new Seen(lease.renewed(), now));
      return false;
    }
    return now - before.nanos() >= lease.length().toNanos();
  }

  /**
   * Of the sessions that values name, those that have no lease for long: what they wrote came after
   * they were swept.
   */
  List<String> orphaned(Set<String> named, long now) {
    Set<String> without =
        named.stream().filter(s -> !leases.containsKey(s)).collect(Collectors.toSet());
    orphans.keySet().retainAll(without);
    return without.stream()
        .filter(s -> now - orphans.computeIfAbsent(s, k -> now) >= patience.toNanos())
        .toList();
  }
}
