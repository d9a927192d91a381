package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;

/**
 * Tells the programs that what they remember of the ipcache is old. The number is odd while the
 * ipcache changes, and then they remember nothing; so an agent that dies in between leaves them
 * slower, not wrong. One thread writes.
 */
final class IpcacheVersion {
  private static final int KEY = 0;

  private final BpfMap<Integer, Integer> map;

  IpcacheVersion(BpfMap<Integer, Integer> map) {
    this.map = map;
  }

  /** Nothing that was remembered before counts from now on. */
  void renew() {
    map.put(KEY, (number() | 1) + 1);
  }

  /** Runs what changes the ipcache. */
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
