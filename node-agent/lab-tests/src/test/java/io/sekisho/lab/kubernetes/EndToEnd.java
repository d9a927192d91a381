package io.sekisho.lab.kubernetes;

import io.sekisho.lab.Command;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes' own end-to-end tests, {@code e2e.test}, on a cluster of ours. */
final class EndToEnd implements AutoCloseable {
  /** Where the tests' images come from; none of them is fetched. */
  private static final String IMAGES = "sekisho.test";

  /**
   * What the tests call in pods; the shell of busybox would take its own nc before that on the
   * path.
   */
  private static final List<String> TOOLS =
      List.of(
          "/bin/sh",
          "/usr/bin/curl",
          "/bin/nc",
          "/usr/bin/getent",
          "/usr/bin/dig",
          "/usr/bin/nslookup");

  private static final Pattern IMAGE =
      Pattern.compile(IMAGES + "/(agnhost|busybox|glibc-dns-testing|pause):[\\w.-]+");

  /** The line before a spec's own words: its name, and in brackets its labels. */
  private static final Pattern NAME = Pattern.compile("^(\\[sig-.*?)( \\[sig-[^\\]]*\\])?$");

  private final RealCluster cluster;
  private final ControlPlane plane;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private boolean closed;

  /** Tests of a cluster that is up. */
  EndToEnd(RealCluster cluster) {
    this.cluster = cluster;
    this.plane = cluster.plane();
  }

  /** Why they cannot run here; empty if they can. */
  static Optional<String> missing() {
    return ControlPlane.missingForNodes()
        .or(() -> ControlPlane.missingPrograms("e2e.test", "agnhost", "kube-proxy"));
  }

  /** Makes the images that the tests use, before nodes join. */
  static void makeImages(ControlPlane plane) {
    try {
      Path images = Files.createDirectories(plane.folder().resolve("images"));
      for (String image : images(plane)) {
        var words = new ArrayList<>(List.of(images.resolve(fileName(image)).toString(), image));
        boolean agnhost = image.contains("/agnhost:");
        if (agnhost || image.contains("/glibc-dns-testing:")) {
          words.add(agnhost ? ControlPlane.programs().resolve("agnhost") + ":pause" : "");
          words.add(files(plane).toString());
          TOOLS.stream().filter(tool -> Files.exists(Path.of(tool))).forEach(words::add);
        }
        plane.script("image.bash", words.toArray(String[]::new));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A folder with what else is in the images: that names are first looked for in /etc/hosts, and
   * the certificate that agnhost's TLS servers show; nobody trusts it.
   */
  private static Path files(ControlPlane plane) throws IOException {
    Path folder = plane.folder().resolve("agnhost");
    if (Files.exists(folder)) {
      return folder;
    }
    Path etc = Files.createDirectories(folder.resolve("etc"));
    Files.writeString(etc.resolve("nsswitch.conf"), "hosts: files dns\n");
    Command.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
            folder.resolve("localhost.key").toString(),
            "-out",
            folder.resolve("localhost.crt").toString())
        .run();
    return folder;
  }

  /** Names of the images; of those that come in two versions the newer one. */
  private static Collection<String> images(ControlPlane plane) throws IOException {
    var byName = new TreeMap<String, String>();
    output(command(plane, List.of(), List.of("--list-images")))
        .lines()
        .filter(image -> IMAGE.matcher(image).matches())
        .sorted()
        .forEach(image -> byName.put(image.substring(0, image.indexOf(':')), image));
    return byName.values();
  }

  private static String fileName(String image) {
    return image.replaceAll("[/:]", "-") + ".tar";
  }

  private static ProcessBuilder command(
      ControlPlane plane, List<String> inside, List<String> arguments) throws IOException {
    Path registries = plane.folder().resolve("registries.yaml");
    Files.writeString(
        registries, "promoterE2eRegistry: " + IMAGES + "\ngcRegistry: " + IMAGES + "\n");
    var words = new ArrayList<>(inside);
    words.add(ControlPlane.programs().resolve("e2e.test").toString());
    words.addAll(arguments);
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(Map.of("KUBE_TEST_REPO_LIST", registries.toString()));
    return builder;
  }

  private static String output(ProcessBuilder builder) throws IOException {
    return new String(builder.start().getInputStream().readAllBytes());
  }

  private List<String> arguments(String focus) {
    return List.of(
        "--kubeconfig",
        plane.kubeconfig().toString(),
        "--kubectl-path",
        ControlPlane.programs().resolve("kubectl").toString(),
        "--provider",
        "skeleton",
        "--num-nodes",
        Integer.toString(cluster.nodes().size()),
        "--ginkgo.v",
        "--ginkgo.no-color",
        "--ginkgo.focus",
        focus);
  }

  /** The name of the spec that begins with this line. */
  static Optional<String> name(String line) {
    Matcher begins = NAME.matcher(line);
    return begins.matches() ? Optional.of(begins.group(1)) : Optional.empty();
  }

  /** Names of the specs that match. */
  List<String> names(String focus) {
    try {
      var words = new ArrayList<>(arguments(focus));
      words.add("--ginkgo.dry-run");
      return output(command(plane, cluster.beside(), words))
          .lines()
          .flatMap(line -> name(line).stream())
          .distinct()
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs one spec to its end, in a process of its own; several at a time may.
   *
   * @param name of the spec
   * @param patience after which it is cut, and has failed
   * @param logs folder that takes all that the tests say, in a file for each spec
   * @return what became of it, as the tests' own report says
   */
  Spec run(String name, Duration patience, Path logs) {
    try {
      String file = fileOf(name);
      Path report = Files.createDirectories(plane.folder().resolve("e2e").resolve(file));
      var words = new ArrayList<>(arguments(exactly(name) + "$"));
      words.addAll(
          List.of(
              "--report-dir", report.toString(), "--ginkgo.timeout", patience.toSeconds() + "s"));
      Path log = Files.createDirectories(logs).resolve(file + ".log");
      long begun = System.nanoTime();
      Process process = start(command(plane, cluster.beside(), words).redirectOutput(log.toFile()));
      // cut by itself it says what it waited for
      boolean ended = process.waitFor(patience.plusMinutes(1).toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly().waitFor();
      running.remove(process);
      Spec spec = JunitReport.of(report.resolve("junit_01.xml"), List.of(name)).getFirst();
      return ended && spec.seconds() > 0
          ? spec
          : new Spec(name, spec.result(), (System.nanoTime() - begun) / 1e9, spec.why());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private synchronized Process start(ProcessBuilder builder) throws IOException {
    if (closed) {
      throw new IOException("the tests have been ended");
    }
    Process process = builder.start();
    running.add(process);
    return process;
  }

  /** A name for files: letters and digits of the spec's, below the 255 bytes of a file's name. */
  static String fileOf(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
    return plain.length() <= 200
        ? plain
        : plain.substring(0, 190) + "-" + Integer.toHexString(name.hashCode());
  }

  /** A regular expression of RE2 that matches this name. */
  private static String exactly(String name) {
    return name.replaceAll("([\\\\.+*?()|\\[\\]{}^$])", "\\\\$1");
  }

  /** Ends the tests that run; no further ones begin. */
  @Override
  public synchronized void close() {
    closed = true;
    running.forEach(Process::destroyForcibly);
  }
}
