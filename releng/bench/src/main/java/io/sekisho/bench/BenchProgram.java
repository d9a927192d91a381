package io.sekisho.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.sekisho.lab.LabException;
import io.sekisho.libbpf.BpfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program {@code sekisho-bench}. */
@Command(
    name = "sekisho bench",
    description = "Measures on this machine and prints ratios against the kernel's own paths.",
    mixinStandardHelpOptions = true)
public final class BenchProgram implements Callable<Integer> {
  @Option(names = "--results", paramLabel = "FOLDER", description = "where JSON files are kept")
  private Path folder = Path.of("target/bench");

  @Option(names = "--rounds", paramLabel = "N", description = "interleaved rounds of paths (16)")
  private int rounds = 16;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description = "paths whose name contains it: native, \"IPv6, CRR\"")
  private String only = "";

  @Option(
      names = "--churn",
      paramLabel = "SECONDS",
      description = "how long pods are replaced in kubernetes (300)")
  private int churn = 300;

  @Parameters(paramLabel = "NAME", description = "which; all without a name")
  private List<String> names = new ArrayList<>();

  /** Runs; exit status 1 if something could not be measured or a goal was missed. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BenchProgram()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<Benchmark> known =
        List.of(
            new PathBenchmark(rounds, only),
            new ProgramsBenchmark(),
            new LookupBenchmark(),
            new RulesBenchmark(rounds),
            new EndpointBenchmark(),
            new PushBenchmark(),
            new UpdatesBenchmark(),
            new EventsBenchmark(),
            new AgentBenchmark(),
            new DryRunBenchmark(),
            new CniBenchmark(),
            new PrefilterBenchmark(rounds),
            new KubernetesBenchmark(churn));
    List<String> all = known.stream().map(Benchmark::name).toList();
    for (String name : names) {
      if (!all.contains(name)) {
        System.err.println("sekisho bench: there is no \"" + name + "\", there are " + all + ".");
        return 2;
      }
    }
    boolean well = true;
    List<Result> results = new ArrayList<>();
    for (Benchmark benchmark : known) {
      if (names.isEmpty() || names.contains(benchmark.name())) {
        well &= run(benchmark, results);
      }
    }
    keep(results);
    return well && results.stream().allMatch(Result::met) ? 0 : 1;
  }

  /** Whether it could be measured, or need not be: it was not asked for by name. */
  private boolean run(Benchmark benchmark, List<Result> results) {
    Optional<String> missing = benchmark.missing();
    if (missing.isPresent()) {
      System.err.println("sekisho bench: no " + benchmark.name() + ": " + missing.get() + ".");
      return names.isEmpty();
    }
    try {
      benchmark.run(
          result -> {
            print(result);
            results.add(result);
          });
      return true;
    } catch (LabException | BpfException e) {
      System.err.println("sekisho bench: " + benchmark.name() + ": " + e.getMessage() + ".");
      return false;
    }
  }

  private static void print(Result result) {
    String goal =
        Double.isNaN(result.goal())
            ? ""
            : String.format(
                Locale.ROOT,
                "%s goal %s %.4g",
                result.met() ? "ok  " : "MISS",
                result.higherIsBetter() ? ">=" : "<=",
                result.goal());
    System.out.println(
        String.format(
            Locale.ROOT,
            "%-50s %10.4g %-9s %-18s %s",
            result.name(),
            result.value(),
            result.unit(),
            goal,
            result.note()));
  }

  private void keep(List<Result> results) throws IOException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    JsonObject run = new JsonObject();
    run.addProperty("time", now.toString());
    run.addProperty("kernel", System.getProperty("os.version"));
    run.addProperty("java", Runtime.version().toString());
    run.addProperty("cpus", Runtime.getRuntime().availableProcessors());
    JsonArray list = new JsonArray();
    for (Result result : results) {
      JsonObject one = new JsonObject();
      one.addProperty("name", result.name());
      one.addProperty("value", result.value());
      one.addProperty("unit", result.unit());
      if (!Double.isNaN(result.goal())) {
        one.addProperty("goal", result.goal());
        one.addProperty("met", result.met());
      }
      one.addProperty("note", result.note());
      list.add(one);
    }
    run.add("results", list);
    Files.createDirectories(folder);
    Path file = folder.resolve("bench-" + now.toString().replace(":", "") + ".json");
    Files.writeString(file, new GsonBuilder().setPrettyPrinting().create().toJson(run) + "\n");
    System.out.println("kept in " + file);
  }
}
