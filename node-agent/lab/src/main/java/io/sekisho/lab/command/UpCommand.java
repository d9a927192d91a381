package io.sekisho.lab.command;

import io.sekisho.lab.ClusterNetwork;
import io.sekisho.lab.Families;
import io.sekisho.lab.Lab;
import java.util.List;
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

  @Option(
      names = "--routing",
      paramLabel = "WAY",
      description = "How packets travel between nodes: vxlan, geneve or native (vxlan).")
  private String routing = "vxlan";

  @Option(
      names = "--families",
      paramLabel = "4|6|both",
      description = "Which addresses pods get (both).")
  private String families = "both";

  @Option(
      names = "--underlay-families",
      paramLabel = "4|6|both",
      description = "By which of their addresses nodes speak, tunnels too (both).")
  private String underlayFamilies = "both";

  @Option(names = "--pools", description = "Nodes lease their ranges from the cluster's pools.")
  private boolean pools;

  @Option(
      names = "--no-masquerade",
      description = "What leaves the cluster keeps the pod's address.")
  private boolean noMasquerade;

  @Option(
      names = "--exclude",
      paramLabel = "CIDR",
      split = ",",
      description = "Destinations outside that are not masqueraded.")
  private List<String> exclude = List.of();

  @Option(names = "--no-probes", description = "Nodes do not probe each other.")
  private boolean noProbes;

  @Option(
      names = "--outside",
      description = "Also machines outside that know no way to pods: server, router, beyond, peer.")
  private boolean outside;

  @Option(names = "--fake-clocks", description = "Agents' clocks can be set: fault clock.")
  private boolean fakeClocks;

  private Lab.Wish wish() {
    ClusterNetwork network =
        ClusterNetwork.USUAL
            .withRouting(routing)
            .withFamilies(Families.of(families))
            .withUnderlay(Families.of(underlayFamilies))
            .withExclude(exclude);
    network = pools ? network.withPools(ClusterNetwork.USUAL_POOLS) : network;
    network = noMasquerade ? network.withoutMasquerade() : network;
    network = noProbes ? network.withProbes(0) : network;
    Lab.Wish wish = new Lab.Wish(nodes, !cniOnly, !noHostLink).on(network);
    wish = outside ? wish.withOutside() : wish;
    return fakeClocks ? wish.withFakeClocks() : wish;
  }

  @Override
  public void run() {
    Lab lab = LabProgram.lab(LabProgram::say);
    Lab.Wish wish = wish();
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
