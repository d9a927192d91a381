package io.sekisho.testkit.dataplane;

import java.util.HashMap;
import java.util.Map;

/**
 * What became of packets, by the map metrics: observation point or drop reason to sums.
 *
 * @param egress fates of what endpoints sent
 * @param ingress fates of what endpoints were to get
 */
public record Fates(Map<Integer, Sum> egress, Map<Integer, Sum> ingress) {
  /** Keeps immutable copies. */
  public Fates {
    egress = Map.copyOf(egress);
    ingress = Map.copyOf(ingress);
  }

  /** Packets and layer 3 bytes. */
  public record Sum(long packets, long bytes) {
    Sum minus(Sum other) {
      return new Sum(packets - other.packets, bytes - other.bytes);
    }
  }

  private static final Sum ZERO = new Sum(0, 0);

  /** What happened since. */
  public Fates since(Fates earlier) {
    return new Fates(difference(egress, earlier.egress), difference(ingress, earlier.ingress));
  }

  private static Map<Integer, Sum> difference(Map<Integer, Sum> now, Map<Integer, Sum> then) {
    var difference = new HashMap<Integer, Sum>();
    now.forEach(
        (fate, sum) -> {
          Sum more = sum.minus(then.getOrDefault(fate, ZERO));
          if (more.packets > 0) {
            difference.put(fate, more);
          }
        });
    return difference;
  }

  /** All packets, whatever became of them. */
  public long packets() {
    return sum(egress) + sum(ingress);
  }

  /** All packets that were dropped. */
  public long dropped() {
    return dropped(egress) + dropped(ingress);
  }

  private static long sum(Map<Integer, Sum> fates) {
    return fates.values().stream().mapToLong(Sum::packets).sum();
  }

  private static long dropped(Map<Integer, Sum> fates) {
    return fates.entrySet().stream()
        .filter(e -> e.getKey() >= 128)
        .mapToLong(e -> e.getValue().packets())
        .sum();
  }
}
