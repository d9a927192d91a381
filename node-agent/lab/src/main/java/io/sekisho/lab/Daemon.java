package io.sekisho.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process in the background that outlives the program that started it. A file holds its pid and
 * the time of its start, so that a later process with the same pid is never taken for it.
 *
 * @param folder where the files are
 * @param name the file's name
 */
record Daemon(Path folder, String name) {
  private static final Duration GRACE = Duration.ofSeconds(5);

  /**
   * Starts it, in a session of its own, its output added to a log.
   *
   * @throws LabException with PROGRAM_MISSING
   */
  void start(List<String> words, Path log) {
    List<String> all = new ArrayList<>(List.of("setsid"));
    all.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Process process = builder.start();
      Files.createDirectories(folder);
      AtomicFile.write(file(), process.pid() + " " + startTicks(process.pid()).orElse(0L) + "\n");
    } catch (IOException e) {
      throw new LabException(
          LabException.Code.PROGRAM_MISSING, words.getFirst() + " cannot be started", e);
    }
  }

  /** The pid, if the process still runs. */
  Optional<Long> pid() {
    try {
      String[] words = Files.readString(file()).strip().split(" ");
      long pid = Long.parseLong(words[0]);
      long started = Long.parseLong(words[1]);
      return startTicks(pid).filter(ticks -> ticks == started).map(ticks -> pid);
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Ends it at once, as a crash would. */
  void kill() {
    end(true, GRACE);
  }

  /** Asks it to end, waits, and kills it if it does not. */
  void stop() {
    end(false, GRACE);
  }

  /** The same with another patience. */
  void stop(Duration patience) {
    end(false, patience);
  }

  private void end(boolean forcibly, Duration patience) {
    Optional<ProcessHandle> process = pid().flatMap(ProcessHandle::of);
    process.ifPresent(
        handle -> {
          if (forcibly) {
            handle.destroyForcibly();
          } else {
            handle.destroy();
          }
          try {
            Await.until(patience, () -> name + " does not end", () -> pid().isEmpty());
          } catch (LabException e) {
            handle.destroyForcibly();
            Await.until(GRACE, () -> name + " cannot be killed", () -> pid().isEmpty());
          }
        });
  }

  private Path file() {
    return folder.resolve(name);
  }

  /**
   * Time of a process's start: field 22 of proc_pid_stat(5), clock ticks since boot; empty when
   * there is no such process or only its exit status is left (state Z).
   */
  static Optional<Long> startTicks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // the second field, the program's name, may hold blanks and parentheses
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z") ? Optional.empty() : Optional.of(Long.parseLong(fields[19]));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
