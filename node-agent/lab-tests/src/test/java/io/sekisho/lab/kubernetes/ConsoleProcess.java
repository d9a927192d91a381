package io.sekisho.lab.kubernetes;

import io.sekisho.lab.Await;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * The console's own session beside the API server, and what it has said: a program among the tests
 * of the console's bundles, which are built before the lab, and which the lab does not know.
 */
final class ConsoleProcess implements AutoCloseable {
  private static final String PROGRAM = "io.sekisho.console.kubernetes.SessionProgram";

  private final Process process;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private volatile boolean heard;

  private ConsoleProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param entering words that enter the API server's network namespace
   * @param reach how agents are reached: PORT_FORWARD or DIRECT
   */
  static ConsoleProcess start(List<String> entering, Path kubeconfig, String reach)
      throws IOException {
    List<String> words = new ArrayList<>(entering);
    words.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classpath().resolveSibling("test-classes")
                + ":"
                + Files.readString(classpath()).strip(),
            PROGRAM,
            kubeconfig.toString(),
            "test",
            reach));
    ConsoleProcess console =
        new ConsoleProcess(new ProcessBuilder(words).redirectErrorStream(true).start());
    Thread.ofVirtual().start(console::listen);
    return console;
  }

  /** Whether the console is built; a build of the lab alone has none. */
  static boolean isBuilt() {
    return Files.exists(classpath());
  }

  private static Path classpath() {
    return ControlPlane.scripts()
        .resolve("../../bundles/io.sekisho.console.kubernetes.tests/target/session-classpath.txt")
        .normalize();
  }

  private void listen() {
    try (BufferedReader in = process.inputReader()) {
      in.lines().forEach(said::add);
    } catch (IOException e) {
      said.add(e.toString());
    }
    heard = true;
  }

  /** How many lines it has said. */
  int now() {
    return said.size();
  }

  /** The first line that it says from some line on which fits. */
  String await(int from, String what, Predicate<String> fits) {
    Await.until(
        RealNode.PATIENCE,
        () -> what + " was not said: " + String.join("\n", said),
        () -> find(from, fits).isPresent() || !process.isAlive());
    // the last lines of one that has ended may be on their way
    Await.until(RealNode.PATIENCE, () -> what, () -> process.isAlive() || heard);
    return find(from, fits)
        .orElseThrow(() -> new AssertionError(what + " was not said: " + String.join("\n", said)));
  }

  private Optional<String> find(int from, Predicate<String> fits) {
    return said.stream().skip(from).filter(fits).findFirst();
  }

  /** All that it has said. */
  List<String> said() {
    return List.copyOf(said);
  }

  /** Closes the session; the status with which the program ended by itself, -1 if it did not. */
  int end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    return process.waitFor(RealNode.PATIENCE) ? process.exitValue() : -1;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
