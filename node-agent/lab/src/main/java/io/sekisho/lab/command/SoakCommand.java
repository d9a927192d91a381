package io.sekisho.lab.command;

import io.sekisho.lab.ClusterNetwork;
import io.sekisho.lab.Lab;
import io.sekisho.lab.LabFolder;
import io.sekisho.lab.LabNames;
import io.sekisho.lab.Programs;
import io.sekisho.lab.Soak;
import io.sekisho.lab.traffic.Stream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends agents again and again under traffic, in a lab of its own. */
@Command(
    name = "soak",
    description =
        "Ends agents at random moments under traffic, in a lab of its own; exit status 1 if"
            + " anything was lost.",
    mixinStandardHelpOptions = true)
final class SoakCommand implements Callable<Integer> {
  /** A node that is killed while it starts, again and again, must not be taken for dead. */
  private static final int LEASE_SECONDS = 120;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "How often an agent ends by kill -9 (200); ends in order come on top.")
  private int kills = 200;

  @Option(
      names = "--routing",
      paramLabel = "WAY",
      split = ",",
      description = "vxlan, geneve or native, or several, one after the other (vxlan).")
  private List<String> routing = List.of("vxlan");

  @Option(
      names = "--other-agent",
      paramLabel = "LAUNCHER",
      description =
          "sekisho-agent of another build; each start is one of both, so up- and downgrades.")
  private List<Path> others = List.of();

  @Option(names = "--seed", paramLabel = "N", description = "Of the random moments (1).")
  private long seed = 1;

  @Override
  public Integer call() {
    // a word that is no way is refused before the first lab is up
    List<ClusterNetwork> networks =
        routing.stream().map(ClusterNetwork.USUAL::withRouting).toList();
    boolean well = true;
    for (ClusterNetwork network : networks) {
      well &= soak(network).isWell();
    }
    return well ? 0 : 1;
  }

  private Soak.Outcome soak(ClusterNetwork network) {
    Path root = LabFolder.ofEnvironment().root().resolveSibling("soak");
    Lab lab =
        new Lab(new LabNames("sksoak"), new LabFolder(root), Programs.ofBuild(), LabProgram::say);
    Lab.Wish wish = new Lab.Wish(2, false, false, LEASE_SECONDS).on(network).withOutside();
    Thread interrupted = new Thread(lab::down);
    lab.requireNotUp();
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      lab.up(wish);
      List<Path> launchers = new ArrayList<>(others);
      launchers.add(lab.programs().agent());
      Soak.Outcome outcome = new Soak(lab, seed, launchers, LabProgram::say).run(kills);
      print(network.routing(), outcome);
      return outcome;
    } finally {
      Runtime.getRuntime().removeShutdownHook(interrupted);
      lab.down();
    }
  }

  private static void print(String routing, Soak.Outcome outcome) {
    outcome.streams().forEach(System.out::println);
    System.out.println(outcome.churn());
    outcome.troubles().forEach(System.out::println);
    long lost = outcome.streams().stream().mapToLong(Stream.Count::lost).sum();
    long sent = outcome.streams().stream().mapToLong(Stream.Count::sent).sum();
    System.out.println(
        "%s: lost %d of %d over %d agents killed and %d stopped"
            .formatted(routing, lost, sent, outcome.killed(), outcome.stopped()));
  }
}
