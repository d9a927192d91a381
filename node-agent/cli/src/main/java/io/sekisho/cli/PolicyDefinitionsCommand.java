package io.sekisho.cli;

import io.sekisho.policy.grammar.CustomResources;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Prints what a Kubernetes API server must know of the policies' kinds. */
@Command(
    name = "definitions",
    mixinStandardHelpOptions = true,
    description =
        "Print the custom resource definitions of the policies' kinds, for kubectl apply.")
final class PolicyDefinitionsCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(CustomResources.yaml());
    out.flush();
  }
}
