package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Connections by key: programs of bpf/conntrack.bpf.c, which the agent runs, for only they know
 * where in a table a key belongs.
 *
 * @param ask which of several keys have a living connection
 * @param carry puts connections where none lives
 */
record ConnectionAccess(BpfProgram ask, BpfProgram carry) {
  /** ASKED_FROM: bytes before the first key or connection. */
  private static final int FROM = 16;

  /** ASKED_KEYS. */
  private static final int MOST_KEYS = 32;

  /** ASKED_SLOTS. */
  private static final int MOST_SLOTS = 24;

  /** By the programs' names in the source. */
  static ConnectionAccess of(Map<String, BpfProgram> programs) {
    return new ConnectionAccess(get(programs, "conntrack_ask"), get(programs, "conntrack_carry"));
  }

  private static BpfProgram get(Map<String, BpfProgram> programs, String name) {
    return Optional.ofNullable(programs.get(name))
        .orElseThrow(
            () ->
                new DatapathException(
                    DatapathException.Code.LOAD_FAILED, "no object has a program " + name));
  }

  /** Which of the keys ({@code struct tuple}) have a living connection, in their order. */
  List<Boolean> living(List<byte[]> keys) {
    var living = new ArrayList<Boolean>(keys.size());
    for (int from = 0; from < keys.size(); from += MOST_KEYS) {
      var some = keys.subList(from, Math.min(keys.size(), from + MOST_KEYS));
      int bits = run(ask, some);
      for (int i = 0; i < some.size(); i++) {
        living.add((bits >>> i & 1) != 0);
      }
    }
    return living;
  }

  /**
   * Puts connections ({@code struct conntrack_slot}), each unless one of its key is alive, which
   * then lives as long.
   */
  void put(List<byte[]> slots) {
    for (int from = 0; from < slots.size(); from += MOST_SLOTS) {
      run(carry, slots.subList(from, Math.min(slots.size(), from + MOST_SLOTS)));
    }
  }

  private static int run(BpfProgram program, List<byte[]> asked) {
    int size = asked.isEmpty() ? 0 : asked.getFirst().length;
    var packet = ByteBuffer.allocate(FROM + asked.size() * size).order(ByteOrder.nativeOrder());
    packet.position(FROM);
    asked.forEach(packet::put);
    return program.testRun(packet.array()).returnValue();
  }
}
