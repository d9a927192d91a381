package io.sekisho.lab.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs the specs of one table, several at a time. The table on disk has every result as soon as it
 * is known, so whoever ends the run loses none, and a later run can go on from there.
 */
final class PartRun {
  private static final String ALONE = "[Serial]";

  private final String title;
  private final Path folder;
  private final String name;
  private final TreeMap<String, Spec> specs = new TreeMap<>();
  private final Queue<String> waiting = new ArrayDeque<>();
  private boolean stopped;

  /** Nothing is to be run yet; the table is {@code <folder>/<name>.txt}, and {@code .json}. */
  PartRun(String title, Path folder, String name) {
    this.title = title;
    this.folder = folder;
    this.name = name;
  }

  /**
   * Takes these specs on.
   *
   * @param chosen names of those that run
   * @param leftOut those that do not
   * @param resume whether what passed in an earlier run of the same title need not run again
   */
  synchronized void plan(Collection<String> chosen, Collection<Spec> leftOut, boolean resume)
      throws IOException {
    leftOut.forEach(spec -> specs.put(spec.name(), spec));
    chosen.forEach(spec -> specs.put(spec, Spec.left(spec)));
    if (resume) {
      SpecTable.read(folder, name)
          .filter(earlier -> earlier.title().equals(title))
          .ifPresent(this::keepPassed);
    }
    write();
  }

  private void keepPassed(SpecTable earlier) {
    earlier.specs().stream()
        .filter(spec -> spec.result() == Spec.Result.PASSED)
        .forEach(spec -> specs.computeIfPresent(spec.name(), (key, planned) -> spec));
  }

  /** What is known by now. */
  synchronized SpecTable table() {
    return new SpecTable(title, new ArrayList<>(specs.values()));
  }

  private synchronized void write() throws IOException {
    table().write(folder, name);
  }

  /** From now on no spec begins, and what those that run come to does not count. */
  synchronized void stop() {
    stopped = true;
    waiting.clear();
  }

  /**
   * Runs what has not passed yet; those that must be alone come last.
   *
   * @param parallel how many at a time
   * @param timeIsUp asked before each spec: no further one begins
   * @param run runs one by its name
   * @param ended hears of each
   */
  void run(
      int parallel, BooleanSupplier timeIsUp, Function<String, Spec> run, Consumer<Spec> ended) {
    List<String> todo =
        table().specs().stream()
            .filter(spec -> spec.result() == Spec.Result.LEFT)
            .map(Spec::name)
            .toList();
    run(todo.stream().filter(s -> !s.contains(ALONE)).toList(), parallel, timeIsUp, run, ended);
    run(todo.stream().filter(s -> s.contains(ALONE)).toList(), 1, timeIsUp, run, ended);
  }

  private void run(
      List<String> todo,
      int parallel,
      BooleanSupplier timeIsUp,
      Function<String, Spec> run,
      Consumer<Spec> ended) {
    offer(todo);
    Callable<Void> worker =
        () -> {
          for (String spec = next(); !spec.isEmpty() && !timeIsUp.getAsBoolean(); spec = next()) {
            keep(tried(run, spec), ended);
          }
          return null;
        };
    try (var threads = Executors.newFixedThreadPool(parallel)) {
      for (Future<Void> each : threads.invokeAll(Collections.nCopies(parallel, worker))) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError("a spec could not be run", e.getCause());
    }
  }

  private synchronized void offer(List<String> todo) {
    if (!stopped) {
      waiting.addAll(todo);
    }
  }

  /** The next one's name; empty if there is none. */
  private synchronized String next() {
    return waiting.isEmpty() ? "" : waiting.remove();
  }

  private static Spec tried(Function<String, Spec> run, String name) {
    try {
      return run.apply(name);
    } catch (UncheckedIOException e) {
      return new Spec(name, Spec.Result.FAILED, 0, e.toString());
    }
  }

  private synchronized void keep(Spec spec, Consumer<Spec> ended) throws IOException {
    if (stopped) {
      return;
    }
    specs.put(spec.name(), spec);
    write();
    ended.accept(spec);
  }
}
