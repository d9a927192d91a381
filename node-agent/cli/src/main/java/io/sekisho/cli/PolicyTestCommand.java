package io.sekisho.cli;

import io.sekisho.policy.Manifests;
import io.sekisho.policy.Problem;
import io.sekisho.policy.check.Surroundings;
import io.sekisho.policy.check.Traps;
import io.sekisho.policy.reach.Proof;
import io.sekisho.policy.reach.Prover;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves the expectations of a folder by its documents, without a cluster. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description =
        "Prove the Expectations of a folder by its policies, over the pods of its manifests; needs"
            + " no agent. Exit code 4 if a document has errors, 6 if an expectation is broken.")
final class PolicyTestCommand implements Runnable {
  @Mixin private Output output;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder of YAML files, with its subfolders.")
  private Path folder = Path.of(".");

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the results as JUnit XML too.")
  private @Nullable Path junit;

  @Override
  public void run() {
    long began = System.nanoTime();
    ManifestFolder read = ManifestFolder.open(folder);
    Manifests manifests = read.manifests();
    read.tell(output.isJson() ? err() : out(), err());
    boolean whole = !manifests.parsed().hasErrors();
    List<Problem> traps = whole ? traps(manifests) : List.of();
    List<Proof> proofs =
        whole ? Prover.prove(manifests.parsed().documents(), manifests.identities()) : List.of();
    if (output.isJson()) {
      var problems = Stream.of(manifests.parsed().problems(), traps).flatMap(List::stream);
      output.print(spec, ProofMessages.of(problems.toList(), proofs), () -> "");
    } else if (whole) {
      traps.forEach(trap -> read.tell(trap, out()));
      proofs.forEach(this::tell);
      tellSum(manifests, proofs);
    }
    if (junit != null) {
      JUnitReport.write(junit, read, proofs, (System.nanoTime() - began) / 1e9);
    }
    read.requireNoErrors();
    long broken = proofs.stream().filter(p -> !p.holds()).count();
    if (broken > 0) {
      throw new CliException(
          CliException.Code.BROKEN, Texts.plural(broken, "expectation") + " broken");
    }
  }

  private static List<Problem> traps(Manifests manifests) {
    var surroundings = new Surroundings(manifests.identities(), List.of());
    return Traps.find(manifests.parsed().documents(), surroundings).stream()
        .map(manifests.parsed()::placed)
        .toList();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private void tell(Proof proof) {
    String word = !proof.holds() ? "BROKEN" : proof.pairs() == 0 ? "EMPTY" : "ok";
    out().printf("%-6s  %s: %s%n", word, proof.expectation().name(), proof);
    if (!proof.holds() && !proof.expectation().reason().isEmpty()) {
      out().printf("        because %s%n", proof.expectation().reason());
    }
  }

  private void tellSum(Manifests manifests, List<Proof> proofs) {
    long holds = proofs.stream().filter(Proof::holds).count();
    out()
        .printf(
            "%d of %s hold, over %s and %s%n",
            holds,
            Texts.plural(proofs.size(), "expectation"),
            Texts.plural(manifests.workloads().size(), "workload"),
            Texts.plural(manifests.parsed().documents().size(), "document"));
    if (!manifests.skipped().isEmpty()) {
      out().printf("not looked at: %s%n", String.join(", ", manifests.skipped()));
    }
    out().flush();
  }
}
