package io.sekisho.lab.kubernetes;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

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

  /** The last line: how many passed, failed, were skipped, and were left for want of time. */
  String sum() {
    double seconds = specs.stream().mapToDouble(Spec::seconds).sum();
    long left = count(Spec.Result.LEFT);
    return String.format(
        Locale.ROOT,
        "%d passed, %d failed, %d skipped%s in %.0f s",
        count(Spec.Result.PASSED),
        count(Spec.Result.FAILED),
        count(Spec.Result.SKIPPED),
        left == 0 ? "" : ", " + left + " left",
        seconds);
  }

  /** One line for each spec, and the sum. */
  String text() {
    return specs.stream()
        .map(Spec::line)
        .collect(Collectors.joining("\n", title + "\n", "\n" + sum() + "\n"));
  }

  /** Writes {@code <name>.txt} and {@code <name>.json}, each whole or not at all. */
  void write(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    replace(folder.resolve(name + ".txt"), text());
    String json =
        new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .create()
            .toJson(Map.of("title", title, "sum", sum(), "specs", specs));
    replace(folder.resolve(name + ".json"), json + "\n");
  }

  private static void replace(Path file, String text) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(beside, text);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What {@link #write} wrote; empty if it did not. */
  static Optional<SpecTable> read(Path folder, String name) throws IOException {
    Path file = folder.resolve(name + ".json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      SpecTable read = new Gson().fromJson(Files.readString(file), SpecTable.class);
      return Optional.of(Objects.requireNonNull(read, "an empty file"));
    } catch (JsonParseException | NullPointerException e) {
      throw new IOException(file + " is no table: " + e.getMessage(), e);
    }
  }
}
