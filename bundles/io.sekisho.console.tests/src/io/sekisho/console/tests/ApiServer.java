package io.sekisho.console.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real API server, begun and ended by the scripts of {@code releng/kubernetes}. */
final class ApiServer implements AutoCloseable {
  private static final long MINUTES = 5;

  private final Path folder;

  private ApiServer(Path folder) {
    this.folder = folder;
  }

  /** The folder of the scripts, named by system property {@code sekisho.kubernetes}. */
  private static Path scripts() {
    return Path.of(System.getProperty("sekisho.kubernetes")).toAbsolutePath().normalize();
  }

  private static Path programs() {
    return Optional.ofNullable(System.getenv("K8S_BIN"))
        .map(Path::of)
        .orElseGet(
            () ->
                Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                    .map(Path::of)
                    .orElse(Path.of(System.getProperty("user.home"), ".cache"))
                    .resolve("sekisho/kubernetes"));
  }

  /** Whether there can be one here: its programs are built by {@code build.bash}. */
  static boolean there() {
    return Stream.of("etcd", "kube-apiserver", "kubectl")
        .map(programs()::resolve)
        .allMatch(Files::isExecutable);
  }

  /** Begins one; it is ready when this returns. */
  static ApiServer up() throws IOException, InterruptedException {
    ApiServer made = new ApiServer(Files.createTempDirectory("skc-"));
    try {
      made.run("", scripts().resolve("up.bash").toString(), made.folder.toString());
      return made;
    } catch (AssertionError e) {
      made.close();
      throw e;
    }
  }

  /** The administrator's. */
  Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  /** Runs kubectl as administrator; what it printed. */
  String kubectl(String input, String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(programs().resolve("kubectl").toString());
    words.addAll(List.of("--kubeconfig", kubeconfig().toString()));
    words.addAll(List.of(arguments));
    return run(input, words.toArray(String[]::new));
  }

  private String run(String input, String... words) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "run", ".out");
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    builder.environment().put("K8S_PARTS", "");
    builder.environment().put("KUBECACHEDIR", folder.resolve("kubectl").toString());
    Process process = builder.start();
    try (var in = process.outputWriter()) {
      in.write(input);
    }
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(words[0] + " takes more than " + MINUTES + " minutes");
    }
    String said = Files.readString(output);
    Files.delete(output);
    if (process.exitValue() != 0) {
      throw new AssertionError(String.join(" ", words) + ": " + said);
    }
    return said;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run("", scripts().resolve("down.bash").toString(), folder.toString());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
