package io.sekisho.bench;

import io.sekisho.bench.Exchange.Kind;
import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import io.sekisho.lab.LabNames;
import io.sekisho.libbpf.BpfLink;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.BpfProgram;
import io.sekisho.libbpf.Codec;
import io.sekisho.libbpf.TestRun;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.testkit.packet.PacketBuilder;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a deny list costs packets that pass: ours at the driver (XDP) against a set of nftables at
 * the same device's ingress, and against nothing, on one pair of wires, in turn; and our program
 * alone by the kernel's test runs.
 */
final class PrefilterBenchmark implements Benchmark {
  private static final List<Integer> SIZES = List.of(0, 1000, 100_000);
  private static final List<Kind> KINDS = List.of(Kind.RR, Kind.UDP);
  private static final int MILLIS = 300;
  private static final int REPEAT = 10_000;
  private static final int DENIED = 1;
  private static final String CLIENT = "skbk-n1";
  private static final String SERVER = "skbk-n2";
  private static final String ADDRESS = "198.19.0.2";
  private static final String DEVICE = "eth0";

  private final int rounds;

  PrefilterBenchmark(int rounds) {
    this.rounds = rounds;
  }

  @Override
  public String name() {
    return "prefilter";
  }

  /** What stands in the way of a packet. */
  private enum Way {
    NOTHING,
    OURS,
    NFTABLES
  }

  @Override
  public void run(Consumer<Result> told) {
    Process server = null;
    try (var network = new KernelNetwork(false)) {
      server = Exchange.serve(SERVER);
      Exchange.prepareClient(CLIENT);
      for (int size : SIZES) {
        try (var ours = new Ours(size)) {
          ours.alone(told);
          for (Kind kind : KINDS) {
            compare(kind, size, ours, told);
          }
        }
      }
    } finally {
      if (server != null) {
        server.destroyForcibly();
      }
    }
  }

  private void compare(Kind kind, int size, Ours ours, Consumer<Result> told) {
    Await.until(
        Duration.ofSeconds(10),
        () -> "no answer from " + ADDRESS,
        () -> Exchange.answers(kind, CLIENT, ADDRESS));
    Map<Way, double[]> all = new HashMap<>();
    for (Way way : Way.values()) {
      all.put(way, new double[rounds]);
    }
    nftables(size);
    try {
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < Way.values().length; i++) {
          // who is first changes, so that a drift of the machine favours nobody
          Way way = Way.values()[(i + round) % Way.values().length];
          all.getOrDefault(way, new double[0])[round] = ask(kind, way, ours);
        }
      }
    } finally {
      Command.of("nft", "delete", "table", "netdev", "bench").inside(SERVER).tryRun();
    }
    String what = "%,d prefixes, %s".formatted(size, kind);
    all.forEach((way, values) -> told.accept(plain(what, way, kind, new Series(values))));
    told.accept(ratio(what, "nothing", all, Way.NOTHING));
    told.accept(ratio(what, "nftables", all, Way.NFTABLES));
  }

  private static double ask(Kind kind, Way way, Ours ours) {
    return switch (way) {
      case NOTHING -> Exchange.ask(kind, CLIENT, ADDRESS, MILLIS);
      case OURS -> {
        try (BpfLink link = ours.attach()) {
          yield Exchange.ask(kind, CLIENT, ADDRESS, MILLIS);
        }
      }
      case NFTABLES -> {
        nft(
            "add chain netdev bench c { type filter hook ingress device eth0 priority 0; }\n"
                + "add rule netdev bench c ip saddr @s drop\n");
        try {
          yield Exchange.ask(kind, CLIENT, ADDRESS, MILLIS);
        } finally {
          nft("flush chain netdev bench c\ndelete chain netdev bench c\n");
        }
      }
    };
  }

  private static void nft(String script) {
    Command.of("nft", "-f", "-").withInput(script).inside(SERVER).run();
  }

  private static void nftables(int size) {
    var script = new StringBuilder("add table netdev bench\n");
    script.append("add set netdev bench s { type ipv4_addr; flags interval; }\n");
    for (int i = 0; i < size; i += 1000) {
      script.append("add element netdev bench s { ");
      for (int j = i; j < Math.min(size, i + 1000); j++) {
        script.append(j > i ? ", " : "").append(text(j)).append("/24");
      }
      script.append(" }\n");
    }
    nft(script.toString());
  }

  /** Every second /24 from 20.0.0.0 on: nothing that could be joined. */
  private static int prefix(int number) {
    return (20 << 24) + (number << 9);
  }

  private static String text(int number) {
    int address = prefix(number);
    return "%d.%d.%d.0".formatted(address >>> 24, address >> 16 & 255, address >> 8 & 255);
  }

  private static Result plain(String what, Way way, Kind kind, Series values) {
    return Result.plain(
        what + ", " + way.name().toLowerCase(Locale.ROOT),
        values.median() * kind.scale,
        kind.unit,
        values.spread(kind.scale, kind.unit));
  }

  private Result ratio(String what, String to, Map<Way, double[]> all, Way other) {
    double[] ours = all.getOrDefault(Way.OURS, new double[rounds]);
    double[] theirs = all.getOrDefault(other, new double[rounds]);
    double[] ratios = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    Series series = new Series(ratios);
    return Result.plain(what + ", ratio to " + to, series.median(), "", series.spread(1, ""));
  }

  /** Our program with a list of a size, attached to nothing yet. */
  private static final class Ours implements AutoCloseable {
    private final int size;
    private final BpfObject object;
    private final BpfProgram program;

    Ours(int size) {
      this.size = size;
      object = BpfObject.openResource("xdp");
      object.load();
      program = object.program("prefilter");
      try (BpfMap<byte[], byte[]> map = object.map("prefilter_ipv4")) {
        var entries = new HashMap<byte[], Integer>();
        for (int i = 0; i < size; i++) {
          entries.put(key(prefix(i)), DENIED);
        }
        map.as(Codec.bytes(8), Codec.u32()).putAll(entries);
      }
    }

    private static byte[] key(int address) {
      return ByteBuffer.allocate(8)
          .order(ByteOrder.nativeOrder())
          .putInt(24)
          .order(ByteOrder.BIG_ENDIAN)
          .putInt(address)
          .array();
    }

    BpfLink attach() {
      try (var namespace = NetworkNamespace.open(LabNames.file(SERVER))) {
        return namespace.call(() -> BpfLink.attachXdp(program, index(), BpfLink.Xdp.NATIVE));
      }
    }

    private static int index() throws SocketException {
      return NetworkInterface.getByName(DEVICE).getIndex();
    }

    /** The program alone, for who passes and for who is denied. */
    void alone(Consumer<Result> told) {
      tell("passes", "198.19.0.1", told);
      if (size > 0) {
        tell("denied", text(size / 2), told);
      }
    }

    private void tell(String what, String from, Consumer<Result> told) {
      byte[] packet =
          PacketBuilder.packet(from, ADDRESS).macs(new byte[6], new byte[6]).udp(1, 2).build();
      double[] nanos = new double[50];
      for (int i = 0; i < nanos.length; i++) {
        nanos[i] = program.testRun(TestRun.of(packet).repeat(REPEAT)).nanosPerRun();
      }
      Series series = new Series(nanos);
      told.accept(
          Result.plain(
              "%,d prefixes, %s, the program alone".formatted(size, what),
              series.median(),
              "ns",
              series.spread(1, "ns")));
    }

    @Override
    public void close() {
      program.close();
      object.close();
    }
  }
}
