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
  private static final String BESIDE =
      "\\[sig-network\\] (Services|Networking|HostPort).*\\[Conformance\\]";

  @Option(names = "--focus", paramLabel = "REGEX", description = "Only specs whose names match.")
  private Optional<String> focus = Optional.empty();

  @Option(names = "--nodes", paramLabel = "N", description = "How many nodes, 1 to 9 (2).")
  private int nodes = 2;

  @Option(names = "--part", paramLabel = "NAME", description = "netpol, conformance or beside.")
  private Optional<String> part = Optional.empty();

  @Option(names = "--kube-proxy", description = "With --focus: kube-proxy on every node, too.")
  private boolean proxy;

  @Option(names = "--parallel", paramLabel = "N", description = "Specs at a time (2).")
  private int parallel = 2;

  @Option(names = "--resume", description = "What passed by the tables there is not run again.")
  private boolean resume;

  @Option(names = "--minutes", paramLabel = "N", description = "None begins after them (180).")
  private int minutes = 180;

  @Option(names = "--spec-minutes", paramLabel = "N", description = "At most for each spec (12).")
  private int specMinutes = 12;

  @Option(names = "--results", paramLabel = "DIR", description = "Where tables and logs go.")
  private Path results = Path.of("target/conformance");

  private final RealCluster cluster = new RealCluster("skconf-", NameService.settings());
  private volatile Optional<EndToEnd> tests = Optional.empty();
  private volatile Optional<PartRun> running = Optional.empty();

  /**
   * Exit status 0: all passed; 1: one failed; 2: it was not understood; 3: none failed, but some
   * are left.
   */
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
    if (focus.isPresent()) {
      return List.of(new Part("focus-" + nodes, focus.get(), proxy));
    }
    List<Part> all =
        List.of(
            new Part("netpol-" + nodes, NETPOL, false),
            new Part("conformance-" + nodes, CONFORMANCE, false),
            new Part("beside-" + nodes, BESIDE, true));
    List<Part> chosen =
        all.stream().filter(p -> part.isEmpty() || p.name().startsWith(part.get() + "-")).toList();
    if (chosen.isEmpty()) {
      throw new LabException(LabException.Code.UNKNOWN, "there is no part " + part.get());
    }
    return chosen;
  }

  @Override
  public Integer call() throws IOException {
    require("nodes", nodes, 9);
    require("specs at a time", parallel, 16);
    List<Part> parts = parts();
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
      return run(parts);
    } finally {
      end();
    }
  }

  private static void require(String what, int number, int most) {
    if (number < 1 || number > most) {
      throw new LabException(
          LabException.Code.UNKNOWN, "1 to " + most + " " + what + ", not " + number);
    }
  }

  private void end() {
    running.ifPresent(PartRun::stop);
    tests.ifPresent(EndToEnd::close);
    cluster.close();
  }

  private int run(List<Part> parts) throws IOException {
    say("a control plane and " + nodes + " nodes");
    cluster.bringUp(
        nodes,
        plane -> {
          EndToEnd.makeImages(plane);
          NameService.makeImage(plane);
        });
    cluster.routeToPods();
    NameService.start(cluster.plane());
    NameService.missing().ifPresent(why -> say("without a name service: " + why));
    var runner = new EndToEnd(cluster);
    tests = Optional.of(runner);
    boolean proxied = false;
    long failed = 0;
    long left = 0;
    for (Part each : parts) {
      if (each.proxy() && !proxied) {
        cluster.nodes().forEach(RealNode::startProxy);
        proxied = true;
      }
      SpecTable table = run(each, runner);
      System.out.println(table.sum() + ": " + results.resolve(each.name() + ".txt"));
      failed += table.count(Spec.Result.FAILED);
      left += table.count(Spec.Result.LEFT);
    }
    keepLogs();
    return failed > 0 ? 1 : left > 0 ? 3 : 0;
  }

  private SpecTable run(Part each, EndToEnd runner) throws IOException {
    List<Exclusion> exclusions = Exclusion.all(each.proxy());
    var chosen = new ArrayList<String>();
    var leftOut = new ArrayList<Spec>();
    for (String name : runner.names(each.focus())) {
      Exclusion.of(name, exclusions)
          .ifPresentOrElse(e -> leftOut.add(Spec.leftOut(name, e.why())), () -> chosen.add(name));
    }
    var specs = new PartRun(title(each), results, each.name());
    specs.plan(chosen, leftOut, resume);
    say(each.name() + ": " + specs.table().sum());
    running = Optional.of(specs);
    specs.run(
        parallel,
        () -> System.nanoTime() - START > Duration.ofMinutes(minutes).toNanos(),
        name -> runner.run(name, Duration.ofMinutes(specMinutes), results.resolve(each.name())),
        spec -> say(spec.line()));
    return specs.table();
  }

  private String title(Part each) {
    return "Kubernetes' own tests, %d nodes, kernel %s, %s%s"
        .formatted(
            nodes,
            System.getProperty("os.version"),
            each.proxy() ? "kube-proxy beside us" : "services by our socket programs alone",
            NameService.missing().isEmpty() ? ", names by CoreDNS" : "");
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
