package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.util.HashMap;

/**
 * Sweeps a full table of mappings that nobody has used for long, as a process of its own, whose
 * heap is as small as it is told to be. Says how many were there before and after.
 */
final class SweepProgram {
  private static final int KEY = 40;
  private static final int VALUE = 32;
  private static final int TOGETHER = 4096;
  private static final byte TCP = 6;

  private SweepProgram() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    try (var maps = new ConnectionMaps()) {
      var nat = maps.get("nat");
      var some = new HashMap<byte[], byte[]>();
      for (int i = 0; i < nat.info().maxEntries() / 10 * 9; i++) {
        byte[] key = ByteBuffer.allocate(KEY).putInt(12, i).put(36, TCP).put(37, (byte) 1).array();
        some.put(key, new byte[VALUE]);
        if (some.size() == TOGETHER) {
          nat.putAll(some);
          some.clear();
        }
      }
      System.out.println(count(nat));
      long now = System.nanoTime() + 2 * ConnectionSweep.QUIET;
      ConnectionSweep.run(maps::get, maps.access(), now);
      System.out.println(count(nat));
    }
  }

  private static long count(BpfMap<byte[], byte[]> map) {
    long[] count = {0};
    map.scan((key, value) -> count[0]++);
    return count[0];
  }
}
