package io.sekisho.libbpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Attachment by a clsact filter, for kernels without tcx: bound to the interface, not to any
 * descriptor, so it stays until the interface goes or it is taken away. Handle and priority are
 * fixed, so that a later agent replaces it in place.
 */
public final class TcAttachment {
  private static final int HOOK = 24;
  private static final int OPTS = 32;
  private static final int INGRESS = 1;
  private static final int EGRESS = 2;
  private static final int REPLACE = 1;
  private static final int HANDLE = 1;
  private static final int PRIORITY = 1;
  private static final int OPTS_PROGRAM = 8;
  private static final int OPTS_FLAGS = 12;
  private static final int OPTS_PROGRAM_ID = 16;
  private static final int OPTS_HANDLE = 20;
  private static final int OPTS_PRIORITY = 24;

  private TcAttachment() {}

  /** Attaches the program, in the place of the one that is there. */
  public static void attach(BpfProgram program, int interfaceIndex, BpfLink.Hook hook) {
    try (var arena = Arena.ofConfined();
        var log = LibBpfLog.open()) {
      MemorySegment where = hook(arena, interfaceIndex, hook);
      try {
        BpfException.check("clsact", LibBpf.CALLS.bpf_tc_hook_create(KernelObject.pointer(where)));
      } catch (BpfException e) {
        if (e.code() != BpfException.Code.EXISTS) {
          throw e;
        }
      }
      MemorySegment opts = opts(arena);
      opts.set(ValueLayout.JAVA_INT, OPTS_PROGRAM, program.fd());
      opts.set(ValueLayout.JAVA_INT, OPTS_FLAGS, REPLACE);
      BpfException.check(
          "attach filter " + program.name() + " " + log.text(),
          LibBpf.CALLS.bpf_tc_attach(KernelObject.pointer(where), KernelObject.pointer(opts)));
    }
  }

  /** The kernel's number of the attached program, 0 if there is none. */
  public static int programId(int interfaceIndex, BpfLink.Hook hook) {
    try (var arena = Arena.ofConfined();
        var log = LibBpfLog.open()) {
      MemorySegment opts = opts(arena);
      int result =
          LibBpf.CALLS.bpf_tc_query(
              KernelObject.pointer(hook(arena, interfaceIndex, hook)), KernelObject.pointer(opts));
      return result < 0 ? 0 : opts.get(ValueLayout.JAVA_INT, OPTS_PROGRAM_ID);
    }
  }

  /** Takes the attachment away; false if there was none. */
  public static boolean detach(int interfaceIndex, BpfLink.Hook hook) {
    try (var arena = Arena.ofConfined();
        var log = LibBpfLog.open()) {
      MemorySegment where = hook(arena, interfaceIndex, hook);
      int result =
          LibBpf.CALLS.bpf_tc_detach(
              KernelObject.pointer(where), KernelObject.pointer(opts(arena)));
      return result == 0;
    }
  }

  private static MemorySegment hook(Arena arena, int interfaceIndex, BpfLink.Hook hook) {
    MemorySegment where = KernelObject.opts(arena, HOOK);
    where.set(ValueLayout.JAVA_INT, 8, interfaceIndex);
    where.set(ValueLayout.JAVA_INT, 12, hook == BpfLink.Hook.INGRESS ? INGRESS : EGRESS);
    return where;
  }

  private static MemorySegment opts(Arena arena) {
    MemorySegment opts = KernelObject.opts(arena, OPTS);
    opts.set(ValueLayout.JAVA_INT, OPTS_HANDLE, HANDLE);
    opts.set(ValueLayout.JAVA_INT, OPTS_PRIORITY, PRIORITY);
    return opts;
  }
}
