package io.sekisho.lab.kubernetes;

import io.sekisho.lab.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that may take minutes. */
final class LongRun {
  private static final long MINUTES = 5;

  private LongRun() {}

  /** Runs it to its end, and says how that was. */
  static Command.Result of(List<String> words, Map<String, String> environment) {
    try {
      Path output = Files.createTempFile("run", ".out");
      Path error = Files.createTempFile("run", ".err");
      var builder = new ProcessBuilder(words);
      builder.redirectOutput(output.toFile()).redirectError(error.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
      var result =
          new Command.Result(process.waitFor(), Files.readString(output), Files.readString(error));
      Files.delete(output);
      Files.delete(error);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
