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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
    Manifests manifests = ManifestFolder.read(folder, spec);
    tellTraps(manifests);
    List<Proof> proofs = Prover.prove(manifests.parsed().documents(), manifests.identities());
    proofs.forEach(this::tell);
    tellSum(manifests, proofs);
    if (junit != null) {
      JUnitReport.write(junit, proofs, (System.nanoTime() - began) / 1e9);
    }
    long broken = proofs.stream().filter(p -> !p.holds()).count();
    if (broken > 0) {
      throw new CliException(
          CliException.Code.BROKEN, Texts.plural(broken, "expectation") + " broken");
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void tellTraps(Manifests manifests) {
    var surroundings = new Surroundings(manifests.identities(), List.of());
    for (Problem trap : Traps.find(manifests.parsed().documents(), surroundings)) {
      out().printf("%s, line %d: warning: %s%n", trap.document(), trap.line(), trap.message());
    }
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
