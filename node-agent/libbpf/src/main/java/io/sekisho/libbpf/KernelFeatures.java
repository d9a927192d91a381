package io.sekisho.libbpf;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What this kernel can do of BPF, found by trying, never by reading its version. */
public final class KernelFeatures {
  private static final Optional<String> NEEDED = Optional.empty();
  private static final Optional<String> LATER = Optional.of("nothing, since nothing uses it yet");

  private KernelFeatures() {}

  /** Whether a feature is there. */
  public enum Presence {
    PRESENT,
    MISSING,
    /** It could not be tried, for example for lack of permission. */
    UNKNOWN;

    /** Whether it is certainly not there. */
    public boolean isMissing() {
      return this == MISSING;
    }
  }

  /** A feature: what for, since when, and what happens without it. */
  public enum Feature {
    BTF(
        "describes types of the kernel and of maps",
        "5.4 with CONFIG_DEBUG_INFO_BTF",
        NEEDED,
        Trials::btf),
    BPFFS("keeps programs and maps over a restart", "4.4", NEEDED, Trials::bpffs),
    SCHED_CLS("runs programs at interfaces", "4.1", NEEDED, () -> Trials.program(Trials.SCHED_CLS)),
    TCX(
        "attaches programs to interfaces so that they can be exchanged atomically",
        "6.6",
        Optional.of("clsact filters; a restart still replaces them in place"),
        Trials::tcx),
    LINK_UPDATE(
        "exchanges a program between two packets",
        "5.7",
        Optional.of("clsact filters; a restart still replaces them in place"),
        Trials::linkUpdate),
    RING_BUFFER(
        "carries events to the agent", "5.8", NEEDED, () -> Trials.map(MapType.RING_BUFFER)),
    LPM_TRIE("holds address prefixes and policy", "4.11", NEEDED, Trials::lpmTrie),
    HASH("holds endpoints", "3.19", NEEDED, () -> Trials.map(MapType.HASH)),
    PERCPU_ARRAY("holds counters", "4.6", NEEDED, () -> Trials.map(MapType.PERCPU_ARRAY)),
    HASH_OF_MAPS(
        "holds one policy table for each endpoint, exchanged atomically",
        "4.12",
        NEEDED,
        () -> Trials.map(MapType.HASH_OF_MAPS)),
    LRU_HASH("holds masqueraded connections", "4.10", NEEDED, () -> Trials.map(MapType.LRU_HASH)),
    LOOKUP_AND_DELETE(
        "takes connections that ended out of their tables",
        "5.14",
        Optional.of("full tables forget what was silent longest"),
        Trials::lookupAndDelete),
    BATCH(
        "reads and writes many entries by one call",
        "5.6",
        Optional.of("one call for each"),
        Trials::batch),
    REDIRECT_PEER(
        "delivers to a pod without the host's stack", "5.10", NEEDED, () -> Trials.helper(155)),
    REDIRECT_NEIGH(
        "sends to the underlay without the host's stack", "5.10", NEEDED, () -> Trials.helper(152)),
    FIB_LOOKUP(
        "finds the way to destinations outside the node", "4.18", NEEDED, () -> Trials.helper(69)),
    SET_TUNNEL_KEY(
        "says where the overlay brings a packet, and whose it is",
        "4.3",
        NEEDED,
        () -> Trials.helper(21)),
    GET_TUNNEL_KEY(
        "reads whose packet comes from the overlay", "4.3", NEEDED, () -> Trials.helper(20)),
    SKB_CHANGE_TYPE(
        "hands packets for the node to its stack", "4.8", NEEDED, () -> Trials.helper(32)),
    SKB_CHANGE_TAIL("makes ICMP errors of packets", "4.9", NEEDED, () -> Trials.helper(38)),
    L3_CSUM_REPLACE("corrects checksums of IPv4 headers", "4.1", NEEDED, () -> Trials.helper(10)),
    L4_CSUM_REPLACE(
        "corrects checksums of masqueraded packets", "4.1", NEEDED, () -> Trials.helper(11)),
    RINGBUF_RESERVE("writes events", "5.8", NEEDED, () -> Trials.helper(131)),
    RINGBUF_QUERY("wakes the reader only when it must", "5.8", NEEDED, () -> Trials.helper(134)),
    KTIME("measures the age of connections", "4.1", NEEDED, () -> Trials.helper(5)),
    CHECK_MTU("asks whether a packet fits an interface", "5.12", LATER, () -> Trials.helper(163)),
    SKC_LOOKUP_TCP("finds the node's own TCP sockets", "5.2", LATER, () -> Trials.helper(99)),
    SK_LOOKUP_UDP("finds the node's own UDP sockets", "4.20", LATER, () -> Trials.helper(85)),
    XDP("looks at packets before the stack does", "4.8", LATER, () -> Trials.program(Trials.XDP)),
    CGROUP_SOCK_ADDR(
        "chooses a service's backend when a socket connects",
        "4.17",
        LATER,
        () -> Trials.program(Trials.CGROUP_SOCK_ADDR)),
    CGROUP_LINK(
        "attaches programs to control groups so that they outlive the agent",
        "5.7",
        LATER,
        Trials::cgroupLink);

    private final String purpose;
    private final String since;
    private final Optional<String> fallback;
    private final Supplier<Boolean> trial;

    Feature(String purpose, String since, Optional<String> fallback, Supplier<Boolean> trial) {
      this.purpose = purpose;
      this.since = since;
      this.fallback = fallback;
      this.trial = trial;
    }

    /** What it is for. */
    public String purpose() {
      return purpose;
    }

    /** Linux version that has it, as text. */
    public String since() {
      return since;
    }

    /** What is done without it; empty if nothing can be done. */
    public Optional<String> fallback() {
      return fallback;
    }

    /** Tries it; UNKNOWN for who may not use BPF at all. */
    public Presence probe() {
      try {
        return Trials.permitted() || !usesBpf() ? presence(trial.get()) : Presence.UNKNOWN;
      } catch (BpfException e) {
        return Presence.UNKNOWN;
      }
    }

    private boolean usesBpf() {
      return this != BTF;
    }

    private static Presence presence(boolean present) {
      return present ? Presence.PRESENT : Presence.MISSING;
    }

    /** A sentence for an error message. */
    public String explain() {
      return name()
          + " needs Linux "
          + since
          + "; it "
          + purpose
          + fallback.map(f -> "; else " + f).orElse("");
    }
  }

  /** Features that are certainly not there and for which nothing else can stand in. */
  public static List<Feature> missingWithoutFallback() {
    return Arrays.stream(Feature.values())
        .filter(feature -> feature.fallback().isEmpty() && feature.probe().isMissing())
        .toList();
  }

  /** Tries every feature; takes some tens of milliseconds. */
  public static Map<Feature, Presence> probeAll() {
    var all = new EnumMap<Feature, Presence>(Feature.class);
    for (Feature feature : Feature.values()) {
      all.put(feature, feature.probe());
    }
    return all;
  }
}
