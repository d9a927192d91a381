package io.sekisho.lab.command;

import io.sekisho.lab.Lab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Brings the lab up. */
@Command(
    name = "up",
    description = "Brings up nodes with agents, etcd, and the shop.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Runnable {
  @Option(names = "--nodes", paramLabel = "N", description = "How many nodes, 1 to 9 (3).")
  private int nodes = 3;

  @Option(
      names = "--cni-only",
      description = "Nodes and agents without the shop: pods come by the CNI plugin alone.")
  private boolean cniOnly;

  @Option(
      names = "--no-host-link",
      description = "Keep this machine off the underlay (the console then cannot connect).")
  private boolean noHostLink;

  @Override
  public void run() {
    Lab lab = LabProgram.lab(LabProgram::say);
    Lab.Wish wish = new Lab.Wish(nodes, !cniOnly, !noHostLink);
    // Ctrl-C halfway must leave nothing; a lab that was up before is not ours to end
    Thread interrupted = new Thread(lab::down);
    lab.requireNotUp();
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      lab.up(wish);
    } finally {
      Runtime.getRuntime().removeShutdownHook(interrupted);
    }
  }
}
