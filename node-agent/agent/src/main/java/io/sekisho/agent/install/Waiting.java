package io.sekisho.agent.install;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Waits until a cluster is as it shall be, and tells each change once.
 *
 * @param longest how long
 * @param progress takes sentences
 */
record Waiting(Duration longest, Consumer<String> progress) {
  private static final Duration PAUSE = Duration.ofMillis(500);

  /**
   * Looks until nothing is missing.
   *
   * @param missing what is missing now, in words; empty at the end
   * @throws InstallException with TIMEOUT and what is missing then
   */
  void until(Supplier<List<String>> missing) {
    long deadline = System.nanoTime() + longest.toNanos();
    List<String> told = List.of();
    while (true) {
      List<String> now = missing.get();
      if (now.isEmpty()) {
        return;
      }
      for (String sentence : now) {
        if (!told.contains(sentence)) {
          progress.accept(sentence);
        }
      }
      told = now;
      if (System.nanoTime() > deadline) {
        throw new InstallException(
            InstallException.Code.TIMEOUT,
            "after " + longest.toSeconds() + " s still: " + String.join("; ", now));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InstallException(InstallException.Code.TIMEOUT, "interrupted");
    }
  }
}
