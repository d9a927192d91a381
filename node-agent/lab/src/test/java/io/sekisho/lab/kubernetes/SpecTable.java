package io.sekisho.lab.kubernetes;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What became of all specs, as text and as JSON.
 *
 * @param title what ran, where
 */
record SpecTable(String title, List<Spec> specs) {
  /** Keeps an immutable copy. */
  SpecTable {
    specs = List.copyOf(specs);
  }

  long count(Spec.Result result) {
    return specs.stream().filter(s -> s.result() == result).count();
  }

  /** The last line: how many passed, failed and were left out. */
  String sum() {
    double seconds = specs.stream().mapToDouble(Spec::seconds).sum();
    return String.format(
        Locale.ROOT,
        "%d passed, %d failed, %d skipped in %.0f s",
        count(Spec.Result.PASSED),
        count(Spec.Result.FAILED),
        count(Spec.Result.SKIPPED),
        seconds);
  }

  /** One line for each spec, and the sum. */
  String text() {
    var out = new StringBuilder(title).append('\n');
    for (Spec spec : specs) {
      out.append(
          String.format(
              Locale.ROOT,
              "%-7s %6.1f  %s%s%n",
              spec.result().name().toLowerCase(Locale.ROOT),
              spec.seconds(),
              spec.name(),
              spec.reason().map(r -> ": " + r).orElse("")));
    }
    return out.append(sum()).append('\n').toString();
  }

  /** Writes {@code <name>.txt} and {@code <name>.json}. */
  void write(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name + ".txt"), text());
    String json =
        new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .create()
            .toJson(Map.of("title", title, "sum", sum(), "specs", specs));
    Files.writeString(folder.resolve(name + ".json"), json + "\n");
  }
}
