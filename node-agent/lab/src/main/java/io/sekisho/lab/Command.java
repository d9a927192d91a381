package io.sekisho.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program run to its end; arguments go as they are, no shell looks at them.
 *
 * @param words program and arguments
 * @param input its standard input
 * @param environment what is added to our environment
 */
public record Command(List<String> words, String input, Map<String, String> environment) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * What a program said.
   *
   * @param status exit status
   * @param output standard output
   * @param error standard error
   */
  public record Result(int status, String output, String error) {}

  /** Keeps immutable copies. */
  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /** A program with its arguments. */
  public static Command of(String... words) {
    return new Command(List.of(words), "", Map.of());
  }

  /** The same with a text as its standard input. */
  public Command withInput(String text) {
    return new Command(words, text, environment);
  }

  /** The command in a network namespace; other namespaces stay (so /sys/fs/bpf is there). */
  public Command inside(String namespace) {
    List<String> all = new ArrayList<>(entering(namespace));
    all.addAll(words);
    return new Command(all, input, environment);
  }

  /** Words that enter a network namespace, to be followed by a command. */
  public static List<String> entering(String namespace) {
    return List.of("nsenter", "--net=" + LabNames.file(namespace), "--");
  }

  /**
   * Runs and demands success.
   *
   * @throws LabException with PROGRAM_FAILED
   */
  public Result run() {
    Result result = tryRun();
    if (result.status() != 0) {
      String said = (result.error() + result.output()).strip();
      throw new LabException(
          LabException.Code.PROGRAM_FAILED,
          String.join(" ", words) + " ended with status " + result.status() + ": " + said);
    }
    return result;
  }

  /**
   * Runs and reports.
   *
   * @throws LabException with PROGRAM_MISSING if it cannot be started, TIMEOUT if it does not end
   */
  public Result tryRun() {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new LabException(
          LabException.Code.PROGRAM_MISSING, words.getFirst() + " cannot be started", e);
    }
    CompletableFuture<String> output = readLater(process.getInputStream());
    CompletableFuture<String> error = readLater(process.getErrorStream());
    try {
      try (OutputStream stream = process.getOutputStream()) {
        stream.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // it ended without reading all of it: its status and its words tell more
      }
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new LabException(
            LabException.Code.TIMEOUT,
            String.join(" ", words) + " did not end within " + PATIENCE.toSeconds() + " s");
      }
      return new Result(process.exitValue(), output.join(), error.join());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LabException(LabException.Code.TIMEOUT, "interrupted", e);
    }
  }

  private static CompletableFuture<String> readLater(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.complete("");
              }
            });
    return text;
  }
}
