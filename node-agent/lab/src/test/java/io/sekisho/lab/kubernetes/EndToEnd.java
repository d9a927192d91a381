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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
  private static final List<String> TOOLS = List.of("/bin/sh", "/usr/bin/curl", "/bin/nc");

  private static final Pattern IMAGE =
      Pattern.compile(IMAGES + "/(agnhost|busybox|pause):[\\w.-]+");

  /** The line before a spec's own words: its name, and in brackets its labels. */
  private static final Pattern NAME = Pattern.compile("^(\\[sig-.*?)( \\[sig-[^\\]]*\\])?$");

  private static final Pattern END =
      Pattern.compile("^(?:•|S|P) ?(\\[\\w+])? ?\\[([0-9.]+) seconds].*");

  private final RealCluster cluster;
  private final ControlPlane plane;
  private volatile Process running;

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
        if (image.contains("/agnhost:")) {
          words.add(ControlPlane.programs().resolve("agnhost") + ":pause");
          words.add(certificate(plane).toString());
          TOOLS.stream().filter(tool -> Files.exists(Path.of(tool))).forEach(words::add);
        }
        plane.script("image.bash", words.toArray(String[]::new));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder with the certificate that agnhost's TLS servers show; nobody trusts it. */
  private static Path certificate(ControlPlane plane) throws IOException {
    Path folder = Files.createDirectories(plane.folder().resolve("agnhost"));
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
   * Runs specs to their end.
   *
   * @param specs their names
   * @param log takes all that the tests say
   * @param ended hears of each spec that has ended
   * @return what became of them, as the tests' own report says; those that it does not name did not
   *     run, and failed
   */
  List<Spec> run(List<String> specs, Duration patience, Path log, Consumer<String> ended) {
    try {
      Path report = Files.createDirectories(plane.folder().resolve("e2e"));
      Path file = report.resolve("junit_01.xml");
      Files.deleteIfExists(file);
      var words =
          new ArrayList<>(
              arguments(String.join("|", specs.stream().map(EndToEnd::exactly).toList())));
      words.addAll(
          List.of(
              "--report-dir", report.toString(), "--ginkgo.timeout", patience.toSeconds() + "s"));
      running = command(plane, cluster.beside(), words).start();
      follow(running, log, ended);
      if (!running.waitFor(1, TimeUnit.MINUTES)) {
        close();
      }
      return JunitReport.of(file, specs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** A regular expression of RE2 that matches this name. */
  private static String exactly(String name) {
    return name.replaceAll("([\\\\.+*?()|\\[\\]{}^$])", "\\\\$1");
  }

  private static void follow(Process process, Path log, Consumer<String> ended) throws IOException {
    String name = "";
    try (var lines = process.inputReader();
        var out = Files.newBufferedWriter(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        out.write(line);
        out.newLine();
        name = name(line).orElse(name);
        Matcher ends = END.matcher(line);
        if (ends.matches()) {
          String how = ends.group(1) == null ? "passed" : ends.group(1).toLowerCase(Locale.ROOT);
          ended.accept("%-9s %6s s  %s".formatted(how, ends.group(2), name));
        }
      }
    }
  }

  /** Ends the tests that run, if any do. */
  @Override
  public void close() {
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
