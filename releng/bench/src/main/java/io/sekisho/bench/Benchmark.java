package io.sekisho.bench;

import java.util.List;

/** One kind of measurement. */
interface Benchmark {
  /** The name on the command line. */
  String name();

  /** Measures; leaves nothing in the kernel. */
  List<Result> run();
}
