package io.sekisho.cli;

import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Manifests;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.reach.Reachability;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who can reach whom by the documents of a folder. */
@Command(
    name = "reach",
    mixinStandardHelpOptions = true,
    description =
        "Say who can reach pods, or whom they can reach, by a folder's policies and over the pods"
            + " of its manifests; needs no agent.")
final class PolicyReachCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder of YAML files, with its subfolders.")
  private Path folder = Path.of(".");

  @ArgGroup(exclusive = true, multiplicity = "1")
  private End end = new End();

  /** Which pods are asked about. */
  private static final class End {
    @Option(
        names = "--to",
        paramLabel = "KEY=VALUE,...",
        split = ",",
        description = "Who reaches pods with these labels; namespace=NAME is their namespace.")
    private @Nullable List<String> to;

    @Option(
        names = "--from",
        paramLabel = "KEY=VALUE,...",
        split = ",",
        description = "Whom pods with these labels reach.")
    private @Nullable List<String> from;
  }

  @Override
  public void run() {
    Manifests manifests = ManifestFolder.read(folder, spec);
    List<String> wanted = end.to != null ? end.to : end.from != null ? end.from : List.of();
    List<Identity> meant =
        manifests.identities().stream().filter(i -> has(i.labels(), wanted)).toList();
    if (meant.isEmpty()) {
      throw new CliException(
          CliException.Code.REFUSED, "no pod has the labels " + String.join(", ", wanted));
    }
    var reachability = new Reachability(manifests.parsed().documents(), manifests.identities());
    for (Identity identity : meant) {
      var reached =
          end.to != null ? reachability.whoReaches(identity) : reachability.whomReaches(identity);
      tell(identity, reached);
    }
  }

  private static boolean has(Labels labels, List<String> wanted) {
    return wanted.stream()
        .map(w -> w.startsWith("namespace=") ? w.replaceFirst("namespace", Labels.NAMESPACE) : w)
        .map(w -> w.split("=", 2))
        .allMatch(w -> w.length == 2 && labels.get("any:" + w[0]).filter(w[1]::equals).isPresent());
  }

  private void tell(Identity identity, List<Reachability.Reach> reached) {
    var out = spec.commandLine().getOut();
    out.printf("%s %s:%n", identity.labels(), end.to != null ? "is reached by" : "reaches");
    var sorted = new TreeMap<String, String>();
    for (Reachability.Reach reach : reached) {
      sorted.put(
          reach.peer().labels().toString(),
          reach.ports().stream().map(PortRange::toString).collect(Collectors.joining(", ")));
    }
    var table = new TextTable("PEER", "PORTS");
    sorted.forEach(table::row);
    out.print(table);
    out.flush();
  }
}
