package io.sekisho.testkit.kubernetes;

import io.sekisho.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Kubernetes control plane by the scripts of {@code releng/kubernetes}. {@link #close} ends
 * its processes and removes its folder.
 */
public final class ControlPlane implements AutoCloseable {
  private static final long MINUTES = 5;

  private final Path folder;
  private final Map<String, String> settings;
  private final List<String> inside;

  private ControlPlane(Path folder, Map<String, String> settings, List<String> inside) {
    this.folder = folder;
    this.settings = Map.copyOf(settings);
    this.inside = List.copyOf(inside);
  }

  /** Why there can be no API server here; empty if there can. */
  public static Optional<String> missing() {
    return missingPrograms("etcd", "kube-apiserver", "kubectl");
  }

  /** Why there can be no whole cluster with nodes here; empty if there can. */
  public static Optional<String> missingForNodes() {
    return missing()
        .or(() -> missingPrograms("kube-controller-manager", "kube-scheduler", "kubelet"))
        .or(
            () ->
                Files.isExecutable(Path.of("/usr/bin/containerd"))
                    ? Optional.empty()
                    : Optional.of("containerd is not installed"));
  }

  /** Why there are not all of these commands here; empty if there are. */
  public static Optional<String> missingPrograms(String... commands) {
    return Stream.of(commands)
        .filter(program -> !Files.isExecutable(programs().resolve(program)))
        .findFirst()
        .map(
            program -> programs().resolve(program) + " is not built: releng/kubernetes/build.bash");
  }

  /** The folder with the commands. */
  public static Path programs() {
    String own = System.getenv("K8S_BIN");
    String cache = System.getenv("XDG_CACHE_HOME");
    if (own != null) {
      return Path.of(own);
    }
    Path caches =
        cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    return caches.resolve("sekisho/kubernetes");
  }

  /** The folder with the scripts and manifests. */
  public static Path scripts() {
    Path here = Path.of("").toAbsolutePath();
    for (Path at = here; at != null; at = at.getParent()) {
      Path scripts = at.resolve("releng/kubernetes");
      if (Files.isDirectory(scripts)) {
        return scripts;
      }
    }
    throw new IllegalStateException("there is no releng/kubernetes above " + here);
  }

  /** Etcd and the API server alone, on loopback. */
  public static ControlPlane apiServer() {
    return up(Map.of("K8S_PARTS", ""), List.of());
  }

  /** The same; what it is asked is written down, see {@link #audit}. */
  public static ControlPlane auditedApiServer() {
    return up(Map.of("K8S_PARTS", "", "K8S_AUDIT", "yes"), List.of());
  }

  /** The requests that were written down so far, each an Event of audit.k8s.io as JSON. */
  public List<String> audit() {
    try {
      return Files.readAllLines(folder.resolve("audit.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A control plane.
   *
   * @param settings variables of up.bash
   * @param inside words before each command, which enter a network namespace; may be none
   */
  public static ControlPlane up(Map<String, String> settings, List<String> inside) {
    try {
      var made = new ControlPlane(Files.createTempDirectory("sk8s-"), settings, inside);
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the servers, again with what the cluster held. */
  public void start() {
    try {
      script("up.bash", folder.toString());
    } catch (AssertionError e) {
      close();
      throw e;
    }
  }

  /** Ends the servers and nodes; what the cluster holds stays. */
  public void stop() {
    script("down.bash", folder.toString());
  }

  /** Where all its state is. */
  public Path folder() {
    return folder;
  }

  /** A server that runs: {@code etcd}, {@code kube-apiserver}. */
  public ProcessHandle process(String name) {
    try {
      long pid = Long.parseLong(Files.readString(folder.resolve(name + ".pid")).strip());
      return ProcessHandle.of(pid)
          .orElseThrow(() -> new IllegalStateException(name + " does not run"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The administrator's. */
  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  /** A kubeconfig for a user with a certificate of this subject, {@code /O=group/CN=name}. */
  public Path user(String name, String subject) {
    Path file = folder.resolve(name + ".kubeconfig");
    script("user.bash", folder.toString(), name, subject, file.toString());
    return file;
  }

  /** Applies one of our manifests. */
  public void apply(String manifest) {
    kubectl("apply", "-f", scripts().resolve("manifests").resolve(manifest).toString());
  }

  /** Waits until the API serves every custom resource that it was told of. */
  public void awaitResources() {
    // kubectl fails at once on a resource that has no conditions yet
    Await.until(
        "custom resources are served",
        () ->
            tryKubectl(
                "wait", "--for", "condition=Established", "--timeout", "10s", "crd", "--all"));
  }

  /** Runs kubectl as administrator; what it printed. */
  public String kubectl(String... arguments) {
    return kubectlWith("", arguments);
  }

  /** The same with a text on its standard input: for {@code apply -f -}. */
  public String kubectlWith(String input, String... arguments) {
    return succeed(kubectlWords(arguments), execute(input, kubectlWords(arguments)));
  }

  /** Whether kubectl succeeds. */
  public boolean tryKubectl(String... arguments) {
    return execute("", kubectlWords(arguments)).status() == 0;
  }

  private List<String> kubectlWords(String... arguments) {
    var words = new ArrayList<>(inside);
    words.add(programs().resolve("kubectl").toString());
    words.addAll(List.of("--kubeconfig", kubeconfig().toString()));
    words.addAll(List.of(arguments));
    return words;
  }

  /** Runs one of the scripts where the cluster is; what it printed. */
  public String script(String name, String... arguments) {
    return scriptInside(inside, name, arguments);
  }

  /** Runs one of the scripts elsewhere, such as in a node's network namespace. */
  public String scriptInside(List<String> entering, String name, String... arguments) {
    var words = new ArrayList<>(entering);
    words.add(scripts().resolve(name).toString());
    words.addAll(List.of(arguments));
    return succeed(words, execute("", words));
  }

  /** What a program did. */
  private record Run(int status, String output) {}

  private static String succeed(List<String> words, Run run) {
    if (run.status() != 0) {
      throw new AssertionError(String.join(" ", words) + ": " + run.output());
    }
    return run.output();
  }

  /** Runs to the end; servers that a script starts hold none of its streams. */
  private Run execute(String input, List<String> words) {
    try {
      Path output = Files.createTempFile(folder, "run", ".out");
      var builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.redirectOutput(output.toFile());
      builder.environment().putAll(settings);
      builder.environment().put("KUBECACHEDIR", folder.resolve("kubectl").toString());
      Process process = builder.start();
      try (var in = process.outputWriter()) {
        in.write(input);
      }
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(words + " takes more than " + MINUTES + " minutes");
      }
      String text = Files.readString(output);
      Files.delete(output);
      return new Run(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    stop();
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
