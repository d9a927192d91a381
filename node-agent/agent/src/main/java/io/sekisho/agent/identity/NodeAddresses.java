package io.sekisho.agent.identity;

import io.sekisho.policy.Cidr;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The addresses that nodes of the cluster have, or had in the last days: a node that fell silent
 * may come back. Belongs to the event loop.
 */
public final class NodeAddresses {
  /** For how many days an address is remembered that no node has. */
  static final int DAYS = 30;

  private final InstantSource clock;
  private final Map<Cidr, Integer> lastSeen;
  private Set<Cidr> last = Set.of();
  private int lastDay;
  private Set<Cidr> lastPresent = Set.of();
  private long version;

  /** Begins with what an earlier agent knew: the day on which an address was seen last. */
  public NodeAddresses(Map<Cidr, Integer> restored, InstantSource clock) {
    this.clock = clock;
    this.lastSeen = new HashMap<>(restored);
  }

  /** All that are known, those that nodes have now among them; the same set while it is. */
  public Set<Cidr> with(Set<Cidr> present) {
    int today = (int) clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay();
    if (today != lastDay || !present.equals(lastPresent)) {
      lastDay = today;
      lastPresent = Set.copyOf(present);
      version++;
      present.forEach(address -> lastSeen.put(address, today));
      lastSeen.values().removeIf(day -> day < today - DAYS);
      last = lastSeen.keySet().equals(last) ? last : Set.copyOf(lastSeen.keySet());
    }
    return last;
  }

  /** Another number whenever {@link #days} may give something else. */
  long version() {
    return version;
  }

  /** The day on which each was seen last: what an agent that follows shall begin with. */
  public Map<Cidr, Integer> days() {
    return Map.copyOf(lastSeen);
  }
}
