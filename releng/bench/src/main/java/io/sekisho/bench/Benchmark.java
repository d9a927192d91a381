package io.sekisho.bench;

import java.util.Optional;
import java.util.function.Consumer;

/** One kind of measurement. */
interface Benchmark {
  /** The name on the command line. */
  String name();

  /** Why it cannot be run here; empty if it can. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /** Measures; leaves nothing in the kernel. Each result is told as soon as it is there. */
  void run(Consumer<Result> told);
}
