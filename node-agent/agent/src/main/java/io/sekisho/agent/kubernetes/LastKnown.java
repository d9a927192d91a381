package io.sekisho.agent.kubernetes;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.state.StateFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the API server said last, on disk as JSON: a node that starts without it does what it did
 * before.
 *
 * @param <R> one row of the file; its fields may be missing
 */
final class LastKnown<R> {
  private static final Gson GSON = new Gson();

  private final Path file;
  private final String component;
  private final Class<R[]> rows;
  private final Health health;
  private Optional<List<R>> written = Optional.empty();

  /**
   * A file in the node's state folder.
   *
   * @param component names it in health
   */
  LastKnown(Path file, String component, Class<R[]> rows, Health health) {
    this.file = file;
    this.component = component;
    this.rows = rows;
    this.health = health;
  }

  /** Turns rows into objects. */
  @FunctionalInterface
  interface Reading<R, T> {
    /**
     * All of them.
     *
     * @throws IllegalArgumentException if a row is broken
     */
    T read(List<R> rows);
  }

  /** What was kept; empty if nothing was, or if the file is broken, which is set aside then. */
  <T> Optional<T> read(Reading<R, T> reading) {
    try {
      return StateFile.read(file).map(text -> reading.read(parse(text)));
    } catch (IllegalArgumentException e) {
      Path aside = StateFile.setAside(file);
      health.report(component, "the file was broken and is set aside as " + aside);
      return Optional.empty();
    } catch (UncheckedIOException e) {
      health.report(component, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private List<R> parse(String text) {
    try {
      R @Nullable [] all = GSON.fromJson(text, rows);
      if (all == null || Arrays.stream(all).anyMatch(Objects::isNull)) {
        throw new IllegalArgumentException("the file or a row of it is empty");
      }
      return Arrays.asList(all);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("not the JSON of " + component, e);
    }
  }

  /** A field that must be there. */
  static String text(@Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException("a field is missing");
    }
    return value;
  }

  /** Keeps rows, unless they are there; a disk that fails costs the next start, not this one. */
  synchronized void write(List<R> now) {
    if (written.equals(Optional.of(now))) {
      return;
    }
    try {
      StateFile.write(file, GSON.toJson(now));
      written = Optional.of(List.copyOf(now));
      health.clear(component);
    } catch (UncheckedIOException e) {
      health.report(component, String.valueOf(e.getMessage()));
    }
  }
}
