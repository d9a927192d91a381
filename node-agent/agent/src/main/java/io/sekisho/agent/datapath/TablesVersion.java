package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;

/**
 * Tells the programs that what they remember of the ipcache and of endpoints is old. The number is
 * odd while these tables change, and then they remember nothing; so an agent that dies in between
 * leaves them slower, not wrong. One thread writes.
 */
final class TablesVersion {
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

  private int number() {
    return map.get(KEY).orElse(0);
  }
}
