package io.sekisho.libbpf;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.types.size_t;

/** Keeps what libbpf says while a call runs, so that errors can carry it. */
final class LibBpfLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LibBpfLog.class.getName());
  private static final int DEBUG = 2;
  private static final int LINE = 4096;
  private static final ThreadLocal<StringBuilder> CURRENT = new ThreadLocal<>();
  private static final Stdio STDIO = LibraryLoader.create(Stdio.class).load("libc.so.6");

  /** libbpf keeps the pointer, so this must never be collected. */
  private static final LibBpf.Print PRINT = LibBpfLog::print;

  static {
    LibBpf.CALLS.libbpf_set_print(PRINT);
  }

  private final StringBuilder text = new StringBuilder();

  /** Formats a va_list. */
  public interface Stdio {
    @IgnoreError
    int vsnprintf(Pointer to, @size_t long size, Pointer format, Pointer arguments);
  }

  private LibBpfLog() {
    CURRENT.set(text);
  }

  /** Starts to keep what libbpf says on this thread. */
  static LibBpfLog open() {
    return new LibBpfLog();
  }

  private static int print(int level, Pointer format, Pointer arguments) {
    if (level >= DEBUG) {
      return 0;
    }
    Pointer line = Memory.allocateDirect(LibBpf.RUNTIME, LINE);
    int length = STDIO.vsnprintf(line, LINE, format, arguments);
    String message = line.getString(0);
    StringBuilder text = CURRENT.get();
    if (text == null) {
      LOG.log(System.Logger.Level.DEBUG, message.strip());
    } else {
      text.append(message);
    }
    return length;
  }

  /** What was said so far. */
  String text() {
    return text.toString().strip();
  }

  @Override
  public void close() {
    CURRENT.remove();
  }
}
