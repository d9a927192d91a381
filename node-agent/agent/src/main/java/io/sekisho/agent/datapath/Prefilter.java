package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.agent.datapath.DesiredState.PrefixFilter;
import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfProgram;
import io.sekisho.libbpf.Codec;
import io.sekisho.netlink.Link;
import io.sekisho.policy.Cidr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The deny lists in the kernel: writes only what differs, and lets the program run on the underlay
 * only while somebody is denied. What is spared comes before what is denied and goes after it, and
 * a prefix that was and is denied stays in the map all the time.
 */
final class Prefilter {
  private static final String PROGRAM = "prefilter";
  private static final int SPARED = 0;
  private static final int DENIED = 1;

  /** DROP_PREFIX_DENIED, direction ingress: its key in the map of fates. */
  private static final int FATE = 240;

  private final Attachments attachments;
  private final Link underlay;
  private final BpfProgram program;
  private final BpfMap<Cidr, Integer> ipv4;
  private final BpfMap<Cidr, Integer> ipv6;
  private final BpfMap<byte[], byte[]> fates;
  private final Map<Cidr, Integer> realized = new HashMap<>();
  private Optional<PrefixFilter> last = Optional.empty();
  private Optional<Attachments.XdpMode> mode;

  /**
   * Begins with what the kernel says; a program that is attached already gives way to the new one.
   */
  Prefilter(Loader.Loaded loaded, Attachments attachments, Link underlay) {
    this.attachments = attachments;
    this.underlay = underlay;
    this.program = loaded.program(PROGRAM);
    this.ipv4 = loaded.map("prefilter_ipv4").as(MapCodecs.PREFIX_IPV4, Codec.u32());
    this.ipv6 = loaded.map("prefilter_ipv6").as(MapCodecs.PREFIX, Codec.u32());
    this.fates = loaded.map("metrics");
    this.mode = attachments.takeOverXdp(underlay.name(), underlay.index(), program);
    read();
  }

  private void read() {
    realized.clear();
    realized.putAll(ipv4.entries());
    realized.putAll(ipv6.entries());
  }

  /** Goes on with what the kernel says. */
  void reread() {
    last = Optional.empty();
    mode = attachments.takeOverXdp(underlay.name(), underlay.index(), program);
    read();
  }

  /** What the kernel says otherwise than this; reads it each time. */
  List<MapDifference> audit(PrefixFilter expected) {
    var wanted = new HashMap<Cidr, Integer>();
    expected.spared().forEach(p -> wanted.put(p, SPARED));
    expected.denied().forEach(p -> wanted.put(p, DENIED));
    var found = new HashMap<>(ipv4.entries());
    found.putAll(ipv6.entries());
    var out =
        new ArrayList<>(MapAudit.compare(PROGRAM, wanted, found, Cidr::toString, Prefilter::text));
    boolean attached =
        attachments.takeOverXdp(underlay.name(), underlay.index(), program).isPresent();
    if (!expected.denied().isEmpty() && !attached) {
      out.add(new MapDifference(PROGRAM, 0, "the program", "on " + underlay.name(), ""));
    }
    return out;
  }

  private static String text(int verdict) {
    return verdict == DENIED ? "denied" : "spared";
  }

  /** Makes the kernel deny just these. */
  void apply(PrefixFilter desired, List<RealizeError> errors) {
    if (last.equals(Optional.of(desired))) {
      return;
    }
    try {
      write(desired);
      last = Optional.of(desired);
    } catch (BpfException e) {
      last = Optional.empty();
      read();
      errors.add(Failures.unrealized(PROGRAM, e));
    }
  }

  private void write(PrefixFilter desired) {
    put(desired.spared().stream(), SPARED);
    if (isCrowded(desired, true) || isCrowded(desired, false)) {
      // what goes leaves a little early, else what comes would never find room
      remove(realized.keySet().stream().filter(p -> isGone(p, DENIED, desired)).toList());
    }
    put(desired.denied().stream(), DENIED);
    if (desired.denied().isEmpty()) {
      attachments.detachXdp(underlay.name(), PROGRAM);
      mode = Optional.empty();
    }
    remove(realized.keySet().stream().filter(p -> isGone(p, DENIED, desired)).toList());
    remove(realized.keySet().stream().filter(p -> isGone(p, SPARED, desired)).toList());
    if (!desired.denied().isEmpty() && mode.isEmpty()) {
      mode = Optional.of(attachments.attachXdp(underlay.name(), underlay.index(), program));
    }
  }

  /** Whether a table has no room for all that is in it and all that is to be. */
  private boolean isCrowded(PrefixFilter desired, boolean v4) {
    long coming =
        Stream.concat(desired.spared().stream(), desired.denied().stream())
            .filter(p -> p.isV4() == v4 && !realized.containsKey(p))
            .count();
    long present = realized.keySet().stream().filter(p -> p.isV4() == v4).count();
    return present + coming > (v4 ? ipv4 : ipv6).info().maxEntries();
  }

  private boolean isGone(Cidr prefix, int verdict, PrefixFilter desired) {
    return Integer.valueOf(verdict).equals(realized.get(prefix))
        && !desired.denied().contains(prefix)
        && !desired.spared().contains(prefix);
  }

  private void put(Stream<Cidr> prefixes, int verdict) {
    var added = new HashMap<Boolean, Map<Cidr, Integer>>();
    prefixes
        .filter(p -> !Integer.valueOf(verdict).equals(realized.get(p)))
        .forEach(p -> added.computeIfAbsent(p.isV4(), v4 -> new HashMap<>()).put(p, verdict));
    added.forEach(
        (v4, entries) -> {
          (v4 ? ipv4 : ipv6).putAll(entries);
          realized.putAll(entries);
        });
  }

  private void remove(List<Cidr> gone) {
    ipv4.removeAll(gone.stream().filter(Cidr::isV4).toList());
    ipv6.removeAll(gone.stream().filter(p -> !p.isV4()).toList());
    gone.forEach(realized::remove);
  }

  List<MapFill> fill() {
    long v4 = realized.keySet().stream().filter(Cidr::isV4).count();
    return List.of(
        new MapFill("prefilter_ipv4", v4, ipv4.info().maxEntries()),
        new MapFill("prefilter_ipv6", realized.size() - v4, ipv6.info().maxEntries()));
  }

  PrefilterState state() {
    byte[] key = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(FATE).array();
    long packets = 0;
    long bytes = 0;
    ByteBuffer sums = ByteBuffer.wrap(fates.get(key).orElseThrow()).order(ByteOrder.nativeOrder());
    while (sums.hasRemaining()) {
      packets += sums.getLong();
      bytes += sums.getLong();
    }
    long denied = realized.values().stream().filter(v -> v == DENIED).count();
    return new PrefilterState(
        mode.map(Attachments.XdpMode::word).orElse(""), denied, packets, bytes);
  }
}
