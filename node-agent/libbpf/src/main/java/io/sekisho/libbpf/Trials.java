package io.sekisho.libbpf;

import io.sekisho.libbpf.system.Descriptor;
import io.sekisho.libbpf.system.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.ffi.Pointer;

/** How features are tried: a tiny program, map or pin is made and goes again. */
final class Trials {
  /** Program types, {@code enum bpf_prog_type}. */
  static final int SCHED_CLS = 3;

  static final int XDP = 6;
  static final int CGROUP_SOCK_ADDR = 18;

  private static final int ATTACH_CGROUP_CONNECT4 = 10;
  private static final int ATTACH_TCX_INGRESS = 46;
  private static final int PROG_LOAD_OPTS = 104;
  private static final int EXPECTED_ATTACH_TYPE = 12;
  private static final int MAP_CREATE_OPTS = 48;
  private static final int MAP_FLAGS = 28;
  private static final int NO_PREALLOC = 1;
  private static final int BATCH_OPTS = 24;
  private static final String NAME = "sekisho_probe";
  private static final Path BPFFS = Path.of("/sys/fs/bpf");

  private Trials() {}

  /** Whether the caller may use BPF: else every trial would say no. */
  static boolean permitted() {
    try (var arena = Arena.ofConfined()) {
      int fd = map(arena, MapType.ARRAY, 4, 0);
      close(fd);
      return fd != -Errno.EPERM && fd != -Errno.EACCES;
    }
  }

  static boolean btf() {
    return Files.exists(Path.of("/sys/kernel/btf/vmlinux"));
  }

  /** Pins a map; where bpffs is not mounted yet, the kernel must know it at least. */
  static boolean bpffs() {
    try {
      if (!Files.getFileStore(BPFFS).type().equals("bpf")) {
        return Files.readString(Path.of("/proc/filesystems")).contains("\tbpf\n");
      }
      Path pin = BPFFS.resolve(NAME + ProcessHandle.current().pid());
      try (var arena = Arena.ofConfined();
          var map = new Descriptor(BpfException.check("map", map(arena, MapType.ARRAY, 4, 0)))) {
        int result = LibBpf.CALLS.bpf_obj_pin(map.number(), pin.toString());
        Files.deleteIfExists(pin);
        return result == 0;
      }
    } catch (IOException e) {
      return false;
    }
  }

  static boolean map(MapType type) {
    try (var log = LibBpfLog.open()) {
      return answer(LibBpf.CALLS.libbpf_probe_bpf_map_type(type.number(), null), type + log.text());
    }
  }

  static boolean program(int type) {
    try (var log = LibBpfLog.open()) {
      return answer(
          LibBpf.CALLS.libbpf_probe_bpf_prog_type(type, null), "program type " + type + log.text());
    }
  }

  /** A helper, {@code enum bpf_func_id}, in a program at an interface. */
  static boolean helper(int number) {
    try (var log = LibBpfLog.open()) {
      return answer(
          LibBpf.CALLS.libbpf_probe_bpf_helper(SCHED_CLS, number, null), number + log.text());
    }
  }

  private static boolean answer(int result, String what) {
    return BpfException.check("probe of " + what, result) == 1;
  }

  /** A trie must be made without preallocation. */
  static boolean lpmTrie() {
    try (var arena = Arena.ofConfined()) {
      int fd = map(arena, MapType.LPM_TRIE, 8, NO_PREALLOC);
      close(fd);
      return fd >= 0;
    }
  }

  /**
   * Links a program to an interface that cannot exist: a kernel with tcx looks for the interface
   * (ENODEV), one without calls the attach type invalid.
   */
  static boolean tcx() {
    return link(SCHED_CLS, 0, Integer.MAX_VALUE, ATTACH_TCX_INGRESS) == -Errno.ENODEV;
  }

  /** Links a program to no control group: who knows such links misses the descriptor. */
  static boolean cgroupLink() {
    return link(CGROUP_SOCK_ADDR, ATTACH_CGROUP_CONNECT4, -1, ATTACH_CGROUP_CONNECT4)
        == -Errno.EBADF;
  }

  /** Updates no link: who knows updates misses the descriptor. */
  static boolean linkUpdate() {
    return LibBpf.CALLS.bpf_link_update(-1, -1, null) == -Errno.EBADF;
  }

  private static int link(int type, int expected, int target, int attach) {
    try (var arena = Arena.ofConfined();
        var log = LibBpfLog.open()) {
      MemorySegment opts = KernelObject.opts(arena, PROG_LOAD_OPTS);
      opts.set(ValueLayout.JAVA_INT, EXPECTED_ATTACH_TYPE, expected);
      int program = load(arena, type, KernelObject.pointer(opts));
      try (var descriptor =
          new Descriptor(BpfException.check("probe of links" + log.text(), program))) {
        return LibBpf.CALLS.bpf_link_create(descriptor.number(), target, attach, null);
      }
    }
  }

  /** {@code r0 = 1; exit}: opcodes of the instruction set, RFC 9669. */
  private static int load(Arena arena, int type, Pointer opts) {
    MemorySegment code = arena.allocateFrom(ValueLayout.JAVA_LONG, 0x1_0000_00b7L, 0x95L);
    return LibBpf.CALLS.bpf_prog_load(
        type, NAME, "Apache-2.0", KernelObject.pointer(code), 2, opts);
  }

  /** Writes one entry by the call for many. */
  static boolean batch() {
    try (var arena = Arena.ofConfined();
        var map = new Descriptor(BpfException.check("map", map(arena, MapType.HASH, 4, 0)))) {
      MemorySegment count = arena.allocate(4, 4);
      count.set(ValueLayout.JAVA_INT, 0, 1);
      int result =
          LibBpf.CALLS.bpf_map_update_batch(
              map.number(),
              KernelObject.pointer(arena.allocate(4, 4)),
              KernelObject.pointer(arena.allocate(4, 4)),
              KernelObject.pointer(count),
              KernelObject.pointer(KernelObject.opts(arena, BATCH_OPTS)));
      return result == 0;
    }
  }

  /** Takes an entry out of a hash of the kind that holds connections. */
  static boolean lookupAndDelete() {
    try (var arena = Arena.ofConfined();
        var map = new Descriptor(BpfException.check("map", map(arena, MapType.LRU_HASH, 4, 0)))) {
      byte[] key = new byte[4];
      int put = LibBpf.CALLS.bpf_map_update_elem(map.number(), key, key, 0);
      BpfException.check("update of map " + NAME, put);
      return LibBpf.CALLS.bpf_map_lookup_and_delete_elem(map.number(), key, new byte[4]) == 0;
    }
  }

  private static int map(Arena arena, MapType type, int keySize, int flags) {
    MemorySegment opts = KernelObject.opts(arena, MAP_CREATE_OPTS);
    opts.set(ValueLayout.JAVA_INT, MAP_FLAGS, flags);
    return LibBpf.CALLS.bpf_map_create(
        type.number(), NAME, keySize, 4, 1, KernelObject.pointer(opts));
  }

  private static void close(int fd) {
    if (fd >= 0) {
      new Descriptor(fd).close();
    }
  }
}
