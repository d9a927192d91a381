package io.sekisho.console.tests.lab;

import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.Profiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The lab, run as a user runs it: by its program, with its state in a folder of the test. */
final class LabProgram {
  private final Path program;
  private final Path state;
  private final Path log;

  /** The program is the one that the build made, named by system property {@code sekisho.lab}. */
  LabProgram(Path state) {
    this.program = Path.of(System.getProperty("sekisho.lab")).toAbsolutePath().normalize();
    this.state = state.toAbsolutePath();
    this.log = state.resolveSibling(state.getFileName() + ".log").toAbsolutePath();
  }

  /** Whether the build has made the program. */
  boolean built() {
    return Files.isExecutable(program);
  }

  /**
   * Runs the lab with arguments and waits for it.
   *
   * @throws AssertionError with what it printed, if it fails
   */
  void run(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
      builder.environment().put("SEKISHO_STATE", state.toString());
      builder
          .environment()
          .put("SEKISHO_JAVA", Path.of(System.getProperty("java.home"), "bin/java").toString());
      int code = builder.start().waitFor();
      if (code != 0) {
        throw new AssertionError(
            "the lab failed with " + code + " at " + command + ": " + Files.readString(log));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes what {@code down} keeps: the logs. */
  void forget() throws IOException {
    try (Stream<Path> all = Files.walk(state)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    Files.deleteIfExists(log);
  }

  /** The profile by which the console connects. */
  ConnectionProfile profile() {
    return Profiles.read(state.resolve("console.json"));
  }
}
