package io.sekisho.libbpf;

import io.sekisho.libbpf.system.Descriptor;
import io.sekisho.libbpf.system.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import jnr.ffi.Pointer;

/** What this kernel can do, found by trying, never by reading its version. */
public final class KernelFeatures {
  private static final int SCHED_CLS = 3;
  private static final int HELPER_REDIRECT_NEIGH = 152;
  private static final int HELPER_REDIRECT_PEER = 155;
  private static final int ATTACH_TCX_INGRESS = 46;

  /** {@code r0 = 0; exit}: opcodes of the instruction set, RFC 9669. */
  private static final Function<Arena, MemorySegment> RETURN_ZERO =
      arena -> arena.allocateFrom(ValueLayout.JAVA_LONG, 0xb7L, 0x95L);

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
        Optional.empty(),
        () -> Files.exists(Path.of("/sys/kernel/btf/vmlinux"))),
    BPFFS(
        "keeps programs and maps over a restart",
        "4.4",
        Optional.empty(),
        () -> Files.isDirectory(Path.of("/sys/fs/bpf"))),
    TCX(
        "attaches programs to interfaces so that they can be exchanged atomically",
        "6.6",
        Optional.of("clsact filters; a restart still replaces them in place"),
        KernelFeatures::tcx),
    RING_BUFFER(
        "carries events to the agent", "5.8", Optional.empty(), () -> map(MapType.RING_BUFFER)),
    LPM_TRIE(
        "holds address prefixes and policy", "4.11", Optional.empty(), () -> map(MapType.LPM_TRIE)),
    HASH_OF_MAPS(
        "holds one policy table for each endpoint, exchanged atomically",
        "4.12",
        Optional.empty(),
        () -> map(MapType.HASH_OF_MAPS)),
    LRU_HASH("holds connections", "4.10", Optional.empty(), () -> map(MapType.LRU_HASH)),
    REDIRECT_PEER(
        "delivers to a pod without the host's stack",
        "5.10",
        Optional.empty(),
        () -> helper(HELPER_REDIRECT_PEER)),
    REDIRECT_NEIGH(
        "sends to the underlay without the host's stack",
        "5.10",
        Optional.empty(),
        () -> helper(HELPER_REDIRECT_NEIGH));

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

    /** Tries it. */
    public Presence probe() {
      try {
        return trial.get() ? Presence.PRESENT : Presence.MISSING;
      } catch (BpfException e) {
        return Presence.UNKNOWN;
      }
    }

    /** A sentence for an error message. */
    public String explain() {
      return "needs Linux "
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

  /** Tries every feature; takes some milliseconds. */
  public static Map<Feature, Presence> probeAll() {
    var all = new EnumMap<Feature, Presence>(Feature.class);
    for (Feature feature : Feature.values()) {
      all.put(feature, feature.probe());
    }
    return all;
  }

  private static boolean map(MapType type) {
    try (var log = LibBpfLog.open()) {
      return answer(LibBpf.CALLS.libbpf_probe_bpf_map_type(type.number(), null), type + log.text());
    }
  }

  private static boolean helper(int number) {
    try (var log = LibBpfLog.open()) {
      return answer(
          LibBpf.CALLS.libbpf_probe_bpf_helper(SCHED_CLS, number, null), number + log.text());
    }
  }

  private static boolean answer(int result, String what) {
    return BpfException.check("probe of " + what, result) == 1;
  }

  /**
   * Links a program to an interface that cannot exist: a kernel with tcx looks for the interface
   * (ENODEV), one without calls the attach type invalid.
   */
  private static boolean tcx() {
    try (var arena = Arena.ofConfined();
        var log = LibBpfLog.open()) {
      Pointer code = KernelObject.pointer(RETURN_ZERO.apply(arena));
      int program =
          LibBpf.CALLS.bpf_prog_load(SCHED_CLS, "sekisho_probe", "Apache-2.0", code, 2, null);
      try (var descriptor =
          new Descriptor(BpfException.check("probe of tcx" + log.text(), program))) {
        int link =
            LibBpf.CALLS.bpf_link_create(
                descriptor.number(), Integer.MAX_VALUE, ATTACH_TCX_INGRESS, null);
        return link == -Errno.ENODEV;
      }
    }
  }
}
