package io.sekisho.libbpf;

import io.sekisho.libbpf.system.Descriptor;
import io.sekisho.libbpf.system.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A program in the kernel. Owns a descriptor of its own. */
public final class BpfProgram implements AutoCloseable {
  private static final int TEST_RUN_OPTS = 80;
  private static final int OUTPUT_ROOM = 512;
  private static final int DATA_IN = 8;
  private static final int DATA_OUT = 16;
  private static final int DATA_SIZE_IN = 24;
  private static final int DATA_SIZE_OUT = 28;
  private static final int CTX_IN = 32;
  private static final int CTX_OUT = 40;
  private static final int CTX_SIZE_IN = 48;
  private static final int CTX_SIZE_OUT = 52;
  private static final int RETURN_VALUE = 56;
  private static final int REPEAT = 60;
  private static final int DURATION = 64;

  private final Descriptor descriptor;
  private final String name;

  private BpfProgram(Descriptor descriptor, String name) {
    this.descriptor = descriptor;
    this.name = name;
  }

  /** A view on another's descriptor, which this program duplicates. */
  static BpfProgram share(int fd, String name) {
    return new BpfProgram(new Descriptor(BpfException.check("dup", SystemCalls.dup(fd))), name);
  }

  /** Opens a pinned program. */
  public static BpfProgram openPinned(Path path) {
    return new BpfProgram(new Descriptor(KernelObject.openPinned(path)), path.toString());
  }

  /** The function's name in the source. */
  public String name() {
    return name;
  }

  /** The kernel's number of it. */
  public int id() {
    try (var arena = Arena.ofConfined()) {
      return KernelObject.info(name, fd(), arena).get(ValueLayout.JAVA_INT, 4);
    }
  }

  /** The descriptor, for system calls; stays the program's own. */
  public int fd() {
    return descriptor.number();
  }

  /** Pins the program on bpffs. */
  public void pin(Path path) {
    KernelObject.pin(fd(), path);
  }

  /** Runs the program once over a packet. */
  public TestRun.Result testRun(byte[] packet) {
    return testRun(TestRun.of(packet));
  }

  /**
   * Runs the program over a packet without any device (BPF_PROG_TEST_RUN).
   *
   * @throws BpfException INVALID if the kernel does not take the packet (a frame must have at least
   *     an Ethernet header) or the context
   */
  public TestRun.Result testRun(TestRun run) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment opts = KernelObject.opts(arena, TEST_RUN_OPTS);
      MemorySegment out = arena.allocate(run.packet().length + (long) OUTPUT_ROOM);
      opts.set(ValueLayout.JAVA_LONG, DATA_IN, copy(arena, run.packet()));
      opts.set(ValueLayout.JAVA_INT, DATA_SIZE_IN, run.packet().length);
      opts.set(ValueLayout.JAVA_LONG, DATA_OUT, out.address());
      opts.set(ValueLayout.JAVA_INT, DATA_SIZE_OUT, (int) out.byteSize());
      opts.set(ValueLayout.JAVA_INT, REPEAT, run.repeat());
      MemorySegment contextOut = arena.allocate(Math.max(1, run.context().length), 8);
      if (run.context().length > 0) {
        opts.set(ValueLayout.JAVA_LONG, CTX_IN, copy(arena, run.context()));
        opts.set(ValueLayout.JAVA_INT, CTX_SIZE_IN, run.context().length);
        opts.set(ValueLayout.JAVA_LONG, CTX_OUT, contextOut.address());
        opts.set(ValueLayout.JAVA_INT, CTX_SIZE_OUT, run.context().length);
      }
      int result = LibBpf.CALLS.bpf_prog_test_run_opts(fd(), KernelObject.pointer(opts));
      BpfException.check("test run of " + name, result);
      return new TestRun.Result(
          opts.get(ValueLayout.JAVA_INT, RETURN_VALUE),
          bytes(out, opts.get(ValueLayout.JAVA_INT, DATA_SIZE_OUT)),
          bytes(contextOut, opts.get(ValueLayout.JAVA_INT, CTX_SIZE_OUT)),
          Integer.toUnsignedLong(opts.get(ValueLayout.JAVA_INT, DURATION)));
    }
  }

  private static long copy(Arena arena, byte[] bytes) {
    MemorySegment to = arena.allocate(Math.max(1, bytes.length), 8);
    to.copyFrom(MemorySegment.ofArray(bytes).asSlice(0, bytes.length));
    return to.address();
  }

  private static byte[] bytes(MemorySegment from, int length) {
    return from.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
