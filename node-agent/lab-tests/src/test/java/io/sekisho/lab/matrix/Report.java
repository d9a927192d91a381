package io.sekisho.lab.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The table of all cases: what passed and what did not, and how long it took. */
final class Report {
  private static final Path FILE = Path.of("target", "policy-matrix.txt");

  private final long start = System.nanoTime();
  private final List<String> notes = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private long tries;
  private long told;
  private int wrong;

  /**
   * Adds a case.
   *
   * @param pushMillis from the push until all nodes realized it
   * @param tryMillis for all connections
   */
  void add(
      Case asked,
      List<Link> links,
      Set<Link> answered,
      int mismatches,
      long pushMillis,
      long tryMillis) {
    tries += links.size();
    wrong += mismatches == 0 ? 0 : 1;
    lines.add(
        "%7d %6d %7d %8d  %s%s"
            .formatted(
                answered.size(),
                links.size() - answered.size(),
                pushMillis,
                tryMillis,
                mismatches == 0 ? "" : "WRONG " + mismatches + ": ",
                asked));
  }

  /** Adds what flows had to tell of a case: ends that dropped or audited a connection. */
  void told(int ends) {
    told += ends;
  }

  /** How many cases went wrong. */
  int wrong() {
    return wrong;
  }

  /** Adds a line before the table. */
  void note(String text) {
    notes.add(text);
  }

  /** Writes it below target, and what stands before the table to the console. */
  void write() throws IOException {
    List<String> text = new ArrayList<>();
    text.add(
        "%d cases, %d connections, %d cases wrong, %.1f s"
            .formatted(lines.size(), tries, wrong, (System.nanoTime() - start) / 1e9));
    text.add("SCTP: packets made by hand that arrive");
    text.add("flows told %d ends that dropped or audited something, by which rule".formatted(told));
    text.addAll(notes);
    text.forEach(System.out::println);
    text.add("allowed denied push ms tries ms  case");
    text.addAll(lines);
    Files.createDirectories(FILE.toAbsolutePath().getParent());
    Files.write(FILE, text);
  }
}
