package io.sekisho.cli;

import io.sekisho.api.v1.ReachDirection;
import io.sekisho.api.v1.ReachGroup;
import io.sekisho.api.v1.ReachRequest;
import io.sekisho.api.v1.ReachResponse;
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
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who can reach whom, in the cluster or by the documents of a folder. */
@Command(
    name = "reach",
    mixinStandardHelpOptions = true,
    description = {
      "Say who can reach somebody, or whom he can reach, by the policies of the cluster; with DIR by"
          + " a folder's policies and over the pods of its manifests, without an agent.",
      "An end is " + Ends.HELP + " With DIR it is labels."
    })
final class PolicyReachCommand extends AgentCommand {
  @Mixin private Output output;
  @Mixin private DraftOptions draft;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Folder of YAML files, with its subfolders.")
  private @Nullable Path folder;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "200",
      description = "Groups to tell (${DEFAULT-VALUE}).")
  private int limit;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private End end = new End();

  /** Who is asked about. */
  private static final class End {
    @Option(names = "--to", paramLabel = "END", description = "Who reaches it.")
    private @Nullable String to;

    @Option(names = "--from", paramLabel = "END", description = "Whom it reaches.")
    private @Nullable String from;

    String text() {
      return to != null ? to : from != null ? from : "";
    }

    boolean isTo() {
      return to != null;
    }
  }

  @Override
  public void run() {
    if (folder == null) {
      super.run();
    } else if (output.isJson()) {
      throw new CliException(CliException.Code.USAGE, "DIR is told as a table only");
    } else {
      offline(folder);
    }
  }

  @Override
  void ask(AgentClient client) {
    var request =
        ReachRequest.newBuilder()
            .setDocuments(draft.set())
            .setWho(Ends.query(end.text()))
            .setDirection(end.isTo() ? ReachDirection.TO : ReachDirection.FROM)
            .setLimit(Math.max(limit, 1))
            .build();
    var response = GrpcErrors.ofDraft(draft.names(), err(), () -> client.policies().reach(request));
    print(output, response, () -> text(response));
  }

  private String heading(String who) {
    return who + (end.isTo() ? " is reached by" : " reaches") + ":\n";
  }

  private String text(ReachResponse response) {
    var table = new TextTable("PEER", "COUNT", "PORTS");
    for (ReachGroup group : response.getGroupsList()) {
      table.row(
          group.getPeer().getName(), Ends.count(group.getPeer()), Ends.ports(group.getPortsList()));
    }
    long more = response.getTotalGroups() - response.getGroupsCount();
    return heading(Ends.text(response.getWho()))
        + table
        + (more > 0 ? "and " + Texts.plural(more, "more group") + "\n" : "");
  }

  private void offline(Path dir) {
    Manifests manifests = ManifestFolder.read(dir, spec());
    List<String> wanted = Ends.labels(end.text());
    List<Identity> meant =
        manifests.identities().stream().filter(i -> has(i.labels(), wanted)).toList();
    if (meant.isEmpty()) {
      throw new CliException(
          CliException.Code.REFUSED, "no pod has the labels " + String.join(", ", wanted));
    }
    var reachability = new Reachability(manifests.parsed().documents(), manifests.identities());
    for (Identity identity : meant) {
      tell(
          identity,
          end.isTo() ? reachability.whoReaches(identity) : reachability.whomReaches(identity));
    }
  }

  private static boolean has(Labels labels, List<String> wanted) {
    return wanted.stream()
        .map(w -> w.split("=", 2))
        .allMatch(w -> w.length == 2 && labels.get("any:" + w[0]).filter(w[1]::equals).isPresent());
  }

  private void tell(Identity identity, List<Reachability.Reach> reached) {
    var sorted = new TreeMap<String, String>();
    for (Reachability.Reach reach : reached) {
      sorted.put(
          reach.peer().labels().toString(),
          reach.ports().stream().map(PortRange::toString).collect(Collectors.joining(", ")));
    }
    var table = new TextTable("PEER", "PORTS");
    sorted.forEach(table::row);
    out().print(heading(identity.labels().toString()) + table);
    out().flush();
  }
}
