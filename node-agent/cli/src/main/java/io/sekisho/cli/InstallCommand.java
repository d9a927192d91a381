package io.sekisho.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.Administration;
import io.sekisho.agent.install.Checks;
import io.sekisho.agent.install.Installation;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts the agents into a Kubernetes cluster. */
@Command(
    name = "install",
    mixinStandardHelpOptions = true,
    description = {
      "Install Sekisho into a Kubernetes cluster, or bring what is there up to date.",
      "Looks first whether it can work there; nothing is changed if not."
    })
final class InstallCommand implements Runnable {
  @Mixin private ClusterOptions cluster;
  @Mixin private ClusterManifests manifests;

  @Option(names = "--check", description = "Only look, and change nothing.")
  private boolean check;

  @Option(names = "--wait", description = "Wait until every node has its agent.")
  private boolean wait;

  @Option(names = "--force", description = "Install in spite of what is in the way.")
  private boolean force;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    List<GenericKubernetesResource> objects = manifests.read();
    String namespace = Installation.namespace(objects);
    try (Administration api = cluster.open()) {
      say("the API server " + api.server() + " has version " + api.version());
      look(new Checks(api, namespace, Installation.ownRanges(objects), objects));
      if (check) {
        return;
      }
      var installation = new Installation(api, cluster.patience(), this::say);
      installation.apply(objects);
      if (wait) {
        installation.await(namespace);
      } else {
        say("to see how it goes: sekisho-agent status --wait, with the same cluster");
      }
    }
  }

  private void look(Checks checks) {
    List<Checks.Finding> findings = checks.run();
    findings.forEach(f -> say((f.serious() ? "in the way: " : "note: ") + f.sentence()));
    long serious = findings.stream().filter(Checks.Finding::serious).count();
    if (serious > 0 && !force) {
      throw new CliException(
          CliException.Code.REFUSED,
          Texts.plural(serious, "thing") + " in the way; nothing was changed");
    }
    if (findings.isEmpty()) {
      say("nothing is in the way");
    }
  }

  private void say(String sentence) {
    spec.commandLine().getOut().println(sentence);
    spec.commandLine().getOut().flush();
  }
}
