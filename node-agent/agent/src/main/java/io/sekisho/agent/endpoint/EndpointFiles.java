package io.sekisho.agent.endpoint;

import io.sekisho.agent.health.Health;
import io.sekisho.agent.state.StateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The state files of the node's endpoints: {@code endpoints/<id>.json}. Any thread may. */
public final class EndpointFiles implements AutoCloseable {
  /** Under which a folder that cannot be written stands in health. */
  static final String COMPONENT = "state folder";

  private static final String ENDING = ".json";
  private static final String PROBE = ".probe";

  /** About as much as an endpoint's file. */
  private static final int PROBE_BYTES = 4096;

  private final Path folder;
  private final Health health;
  private boolean closed;

  /**
   * The files in {@code endpoints} of the state folder, which is made if it is missing.
   *
   * @throws UncheckedIOException if the folder cannot be made
   */
  public EndpointFiles(Path state, Health health) {
    this.folder = state.resolve("endpoints");
    this.health = health;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder " + folder + ": " + e, e);
    }
  }

  /** Writes a restored endpoint's file on a thread of its own; a failure is reported. */
  void writeLater(StoredEndpoint stored) {
    Thread.ofVirtual().name("endpoint-file").start(() -> writeReported(stored));
  }

  /** One at a time: two writes of one file would go by one temporary name. */
  private synchronized void writeReported(StoredEndpoint stored) {
    if (closed) {
      return;
    }
    String component = "rewriting " + stored.spec().id() + ENDING;
    try {
      write(stored);
      health.clear(component);
    } catch (UncheckedIOException e) {
      health.report(component, String.valueOf(e.getMessage()));
    }
  }

  /** Writes an endpoint's file. */
  synchronized void write(StoredEndpoint stored) {
    StateFile.write(file(stored.spec().id()), EndpointJson.write(stored));
  }

  /** Tries whether the folder can be written again, after it could not. */
  synchronized void probe() {
    if (closed || health.problems().stream().noneMatch(p -> p.component().equals(COMPONENT))) {
      return;
    }
    Path file = folder.resolve(PROBE);
    try {
      StateFile.write(file, "x".repeat(PROBE_BYTES));
      StateFile.delete(file);
      health.clear(COMPONENT);
    } catch (UncheckedIOException e) {
      health.report(COMPONENT, String.valueOf(e.getMessage()));
    }
  }

  /** What is to be written later is not written any more: the files may be another agent's soon. */
  @Override
  public synchronized void close() {
    closed = true;
  }

  /** Removes an endpoint's file. */
  void delete(int id) {
    StateFile.delete(file(id));
  }

  /** Renames an endpoint's file, so that it is not read again, and reports why. */
  void setAside(int id, String reason) {
    Path aside = StateFile.setAside(file(id));
    health.report("state file " + id + ENDING, "is not used, see " + aside + ": " + reason);
  }

  /** All that can be read; what cannot is set aside and reported. */
  List<StoredEndpoint> read() {
    var out = new ArrayList<StoredEndpoint>();
    for (Path file : list()) {
      read(file).ifPresent(out::add);
    }
    return out;
  }

  private Optional<StoredEndpoint> read(Path file) {
    try {
      StoredEndpoint stored = EndpointJson.read(StateFile.read(file).orElse(""));
      if (!file.equals(file(stored.spec().id()))) {
        throw new IllegalArgumentException("it is the file of endpoint " + stored.spec().id());
      }
      return Optional.of(stored);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      Path aside = StateFile.setAside(file);
      health.report(
          "state file " + file.getFileName(), "was broken, see " + aside + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private List<Path> list() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().endsWith(ENDING)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder + ": " + e, e);
    }
  }

  private Path file(int id) {
    return folder.resolve(id + ENDING);
  }
}
