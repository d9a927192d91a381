package io.sekisho.bench;

import java.util.function.Consumer;

/** One kind of measurement. */
interface Benchmark {
  /** The name on the command line. */
  String name();

  /** Measures; leaves nothing in the kernel. Each result is told as soon as it is there. */
  void run(Consumer<Result> told);
}
