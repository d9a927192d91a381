package io.sekisho.bench;

import io.sekisho.testkit.dataplane.Dataplane;
import io.sekisho.testkit.dataplane.Hook;
import io.sekisho.testkit.dataplane.NodeSettings;
import io.sekisho.testkit.dataplane.Pod;
import io.sekisho.testkit.dataplane.PolicyRow;
import io.sekisho.testkit.packet.Tcp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What policy costs for a packet, by the number of entries of the endpoint's table: packets that
 * open a connection, which ask policy, and packets of open ones, which do not. One pod for each
 * size, measured in turns.
 */
final class LookupBenchmark implements Benchmark {
  private static final int[] SIZES = {1, 16, 256, 1024, 4096, 16_384};
  private static final int REPEAT = 250;
  private static final int ROUNDS = 200;
  private static final int TCP = 6;
  private static final int PORT = 80;
  private static final Pod SERVER = Pod.of(100, 20_000);

  @Override
  public String name() {
    return "lookup";
  }

  @Override
  public void run(Consumer<Result> told) {
    try (var node = new Dataplane(NodeSettings.USUAL, Dataplane.USUAL_CONNECTIONS)) {
      node.wire(SERVER);
      var clients = new ArrayList<Pod>();
      for (int i = 0; i < SIZES.length; i++) {
        Pod client = Pod.of(i + 1, 1000 + i).flags(Pod.ENFORCE_EGRESS);
        node.wire(client);
        node.policy(client, rows(SIZES[i]));
        clients.add(client);
      }
      tell("that opens a connection", measure(node, clients, true), told);
      tell("of an open connection", measure(node, clients, false), told);
    }
  }

  /** The one that decides lies among others of its kind: peers with some ports each. */
  private static List<PolicyRow> rows(int size) {
    var rows = new ArrayList<PolicyRow>();
    rows.add(PolicyRow.egress(SERVER.identity(), 99).port(TCP, PORT));
    for (int i = 1; i < size; i++) {
      int peer = 16_000 + i / 4;
      rows.add(PolicyRow.egress(peer, 100 + i % 50).port(TCP, PORT + i % 4));
    }
    return rows;
  }

  private static List<Series> measure(Dataplane node, List<Pod> clients, boolean opens) {
    var all = new double[SIZES.length][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < SIZES.length; i++) {
        Pod client = clients.get(i);
        int flags = opens ? Tcp.SYN : Tcp.ACK;
        byte[] packet = client.sends(SERVER.ipv4()).tcp(40_000, PORT, flags).build();
        all[i][round] = node.timing().of(Hook.FROM_ENDPOINT, client, "", 0, opens, packet, REPEAT);
      }
    }
    return java.util.Arrays.stream(all).map(Series::new).toList();
  }

  private static void tell(String what, List<Series> series, Consumer<Result> told) {
    double one = series.getFirst().median();
    for (int i = 0; i < SIZES.length; i++) {
      double median = series.get(i).median();
      told.accept(
          Result.plain(
              "packet " + what + ", " + SIZES[i] + " entries",
              median,
              "ns",
              String.format(
                  Locale.ROOT,
                  "%.2f times that with one entry; %s",
                  median / one,
                  series.get(i).spread(1, "ns"))));
    }
  }
}
