package io.sekisho.lab.kubernetes;

import io.sekisho.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kubernetes' own tests against our agents, for {@code ./sekisho conformance}. */
@Command(name = "sekisho conformance", mixinStandardHelpOptions = true)
final class ConformanceProgram implements Callable<Integer> {
  private static final long START = System.nanoTime();
  private static final String NETPOL = "\\[sig-network\\] Netpol";
  private static final String CONFORMANCE = "\\[sig-network\\].*\\[Conformance\\]";

  @Option(names = "--focus", paramLabel = "REGEX", description = "Only specs whose names match.")
  private Optional<String> focus = Optional.empty();

  @Option(names = "--nodes", paramLabel = "2|3", description = "How many nodes (2).")
  private int nodes = 2;

  @Option(names = "--kube-proxy", description = "With --focus: kube-proxy on every node, too.")
  private boolean proxy;

  @Option(names = "--minutes", paramLabel = "N", description = "At most for each part (90).")
  private int minutes = 90;

  @Option(names = "--results", paramLabel = "DIR", description = "Where tables and logs go.")
  private Path results = Path.of("target/conformance");

  private final RealCluster cluster = new RealCluster("skconf-");
  private Optional<EndToEnd> tests = Optional.empty();

  /** Exit status 0: nothing failed; 1: something did; 2: it was not understood. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new ConformanceProgram())
            .setExecutionExceptionHandler(
                (e, line, parsed) -> {
                  System.err.println("sekisho conformance: " + e.getMessage());
                  return 1;
                })
            .execute(arguments));
  }

  /**
   * What runs at once.
   *
   * @param name of its table
   * @param focus which specs
   * @param proxy whether kube-proxy serves what we do not: ports of nodes, and the nodes' own
   *     processes
   */
  private record Part(String name, String focus, boolean proxy) {}

  private List<Part> parts() {
    return focus
        .map(f -> List.of(new Part("focus-" + nodes, f, proxy)))
        .orElse(
            List.of(
                new Part("netpol-" + nodes, NETPOL, false),
                new Part("conformance-" + nodes, CONFORMANCE, true)));
  }

  @Override
  public Integer call() throws IOException {
    if (nodes < 1 || nodes > 9) {
      throw new LabException(LabException.Code.UNKNOWN, "1 to 9 nodes, not " + nodes);
    }
    Optional<String> missing = EndToEnd.missing();
    if (missing.isPresent()) {
      throw new LabException(LabException.Code.PROGRAM_MISSING, missing.get());
    }
    if (!cluster.residue().isEmpty()) {
      throw new LabException(
          LabException.Code.ALREADY_UP, "such a cluster is up: " + cluster.residue());
    }
    Files.createDirectories(results);
    var interrupted = new Thread(this::end);
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      return run();
    } finally {
      end();
    }
  }

  private void end() {
    tests.ifPresent(EndToEnd::close);
    cluster.close();
  }

  private int run() throws IOException {
    say("a control plane and " + nodes + " nodes");
    cluster.bringUp(nodes, EndToEnd::makeImages);
    cluster.routeToPods();
    var runner = new EndToEnd(cluster);
    tests = Optional.of(runner);
    boolean proxied = false;
    long failed = 0;
    for (Part part : parts()) {
      if (part.proxy() && !proxied) {
        cluster.nodes().forEach(RealNode::startProxy);
        proxied = true;
      }
      SpecTable table = table(part, runner);
      table.write(results, part.name());
      System.out.println(table.sum() + ": " + results.resolve(part.name() + ".txt"));
      failed += table.count(Spec.Result.FAILED);
    }
    keepLogs();
    return failed == 0 ? 0 : 1;
  }

  private SpecTable table(Part part, EndToEnd runner) {
    List<Exclusion> exclusions = Exclusion.all();
    var chosen = new ArrayList<String>();
    var all = new ArrayList<Spec>();
    for (String name : runner.names(part.focus())) {
      exclusions.stream()
          .filter(e -> e.specs().matcher(name).find())
          .findFirst()
          .ifPresentOrElse(e -> all.add(Spec.leftOut(name, e.why())), () -> chosen.add(name));
    }
    say(chosen.size() + " specs, " + all.size() + " cannot run here");
    if (!chosen.isEmpty()) {
      Path log = results.resolve(part.name() + ".log");
      all.addAll(runner.run(chosen, Duration.ofMinutes(minutes), log, ConformanceProgram::say));
    }
    all.sort((a, b) -> a.name().compareTo(b.name()));
    String title =
        "Kubernetes' own tests, %d nodes, kernel %s%s"
            .formatted(
                nodes,
                System.getProperty("os.version"),
                part.proxy()
                    ? ", kube-proxy beside us"
                    : ", services by our socket programs alone");
    return new SpecTable(title, all);
  }

  /** The agents' logs, which would go with the cluster. */
  private void keepLogs() throws IOException {
    for (RealNode node : cluster.nodes()) {
      Path kept = results.resolve(node.log().getFileName());
      Files.deleteIfExists(kept);
      Files.copy(node.log(), kept);
    }
  }

  private static void say(String text) {
    double seconds = (System.nanoTime() - START) / 1e9;
    System.out.println(String.format(Locale.ROOT, "%6.1f s  %s", seconds, text));
  }
}
