package io.sekisho.console.core;

import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Connections that began to be dropped after a moment, such as that of a push: those that were
 * dropped before, as far as flows are held, do not count.
 *
 * @param drops most flows first
 */
public record NewDrops(List<Drop> drops) {
  /** Keeps an immutable copy. */
  public NewDrops {
    drops = List.copyOf(drops);
  }

  /**
   * One connection.
   *
   * @param clientKey who opens it
   * @param serverKey who serves it
   * @param port of the server, 0 where there is none
   * @param protocol its name
   * @param rule what decided, as people read it
   * @param flows how many were dropped since
   */
  public record Drop(
      String clientKey, String serverKey, int port, String protocol, String rule, long flows) {}

  private record Key(String client, String server, String protocol, int port) {
    static Key of(FlowRecord flow) {
      return new Key(flow.client().key(), flow.server().key(), flow.protocol(), flow.serverPort());
    }
  }

  /**
   * What began to be dropped.
   *
   * @param nanos the moment, ns since the epoch
   */
  public static NewDrops since(FlowBuffer flows, long nanos) {
    Set<Key> before = new HashSet<>();
    Map<Key, List<FlowRecord>> after = new LinkedHashMap<>();
    for (FlowRecord flow : flows.newestFirst()) {
      if (flow.verdict() == FlowVerdict.DROPPED) {
        if (flow.timeNanos() > nanos) {
          after.computeIfAbsent(Key.of(flow), k -> new ArrayList<>()).add(flow);
        } else {
          before.add(Key.of(flow));
        }
      }
    }
    after.keySet().removeAll(before);
    List<Drop> out = new ArrayList<>();
    after.forEach(
        (k, all) ->
            out.add(
                new Drop(
                    k.client(),
                    k.server(),
                    k.port(),
                    k.protocol(),
                    all.getFirst().rule(),
                    all.size())));
    out.sort(Comparator.comparingLong(Drop::flows).reversed());
    return new NewDrops(out);
  }

  /** How many flows were dropped since. */
  public long flows() {
    return drops.stream().mapToLong(Drop::flows).sum();
  }
}
