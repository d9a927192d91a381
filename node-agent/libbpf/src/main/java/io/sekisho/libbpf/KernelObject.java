package io.sekisho.libbpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jnr.ffi.Pointer;

/** What descriptors of maps, programs and links have in common: pins and info structs. */
final class KernelObject {
  /** More than any {@code struct bpf_*_info} that we know. */
  private static final int INFO_SIZE = 256;

  private KernelObject() {}

  static void pin(int fd, Path path) {
    BpfException.check("pin " + path, LibBpf.CALLS.bpf_obj_pin(fd, path.toString()));
  }

  static int openPinned(Path path) {
    return BpfException.check("open pin " + path, LibBpf.CALLS.bpf_obj_get(path.toString()));
  }

  /** The info struct of a descriptor; what the kernel does not know is zero. */
  static MemorySegment info(String what, int fd, Arena arena) {
    MemorySegment info = arena.allocate(INFO_SIZE, 8);
    MemorySegment length = arena.allocate(4, 4);
    length.set(ValueLayout.JAVA_INT, 0, INFO_SIZE);
    int result = LibBpf.CALLS.bpf_obj_get_info_by_fd(fd, pointer(info), pointer(length));
    BpfException.check("info of " + what, result);
    return info;
  }

  static String name(MemorySegment info, long offset) {
    byte[] raw = info.asSlice(offset, 16).toArray(ValueLayout.JAVA_BYTE);
    int end = 0;
    while (end < raw.length && raw[end] != 0) {
      end++;
    }
    return new String(raw, 0, end, StandardCharsets.UTF_8);
  }

  static Pointer pointer(MemorySegment segment) {
    return Pointer.wrap(LibBpf.RUNTIME, segment.address(), segment.byteSize());
  }

  /** Zeroed memory for an opts struct whose first field is its size. */
  static MemorySegment opts(Arena arena, int size) {
    MemorySegment opts = arena.allocate(size, 8);
    opts.set(ValueLayout.JAVA_LONG, 0, size);
    return opts;
  }
}
