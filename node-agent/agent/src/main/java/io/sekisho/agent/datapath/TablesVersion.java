package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import java.util.List;

/**
 * Tells the programs that what they remember of the ipcache and of endpoints is old. The number is
 * odd while these tables change, and then they remember nothing; so an agent that dies in between,
 * or cannot write the number that ends a change, leaves them slower, not wrong. One thread writes.
 */
final class TablesVersion {
  /** Of the map. */
  static final String NAME = "ipcache_version";

  private static final int KEY = 0;

  private final BpfMap<Integer, Integer> map;

  TablesVersion(BpfMap<Integer, Integer> map) {
    this.map = map;
  }

  /** Nothing that was remembered before counts from now on. */
  void renew() {
    map.put(KEY, (number() | 1) + 1);
  }

  /** Runs what changes one of the tables. */
  void changing(Runnable change) {
    map.put(KEY, number() | 1);
    try {
      change.run();
    } finally {
      renew();
    }
  }

  /** Ends a change that was not ended; no change runs now. */
  void settle(List<RealizeError> errors) {
    try {
      if (isOdd(map)) {
        renew();
      }
    } catch (BpfException e) {
      errors.add(Failures.unrealized(NAME, e));
    }
  }

  /** Whether a change runs, or was not ended. */
  static boolean isOdd(BpfMap<Integer, Integer> map) {
    return (map.get(KEY).orElse(0) & 1) != 0;
  }

  private int number() {
    return map.get(KEY).orElse(0);
  }
}
