package io.sekisho.cli;

import io.sekisho.api.v1.ReachDirection;
import io.sekisho.api.v1.ReachGroup;
import io.sekisho.api.v1.ReachRequest;
import io.sekisho.api.v1.ReachResponse;
import java.nio.file.Path;
import java.util.List;
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
      "Say who can reach somebody, or whom he can reach, by the policies of the cluster; with DIR"
          + " by a folder's policies and over the pods of its manifests, without an agent.",
      "An end is "
          + Ends.HELP
          + " With DIR it is labels, and each pod that has them is told by itself; as JSON, all of"
          + " them as a list."
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
    return heading(Ends.text(response.getWho())) + table + more(response);
  }

  private static String more(ReachResponse response) {
    long more = response.getTotalGroups() - response.getGroupsCount();
    return more > 0 ? "and " + Texts.plural(more, "more group") + "\n" : "";
  }

  private void offline(Path dir) {
    var reached = new FolderReach(ManifestFolder.read(dir, spec()));
    List<ReachResponse> answers = reached.ask(Ends.labels(end.text()), end.isTo(), limit);
    if (output.isJson()) {
      out()
          .println(answers.stream().map(Output::json).collect(Collectors.joining(",\n", "[", "]")));
    } else {
      answers.forEach(answer -> out().print(offline(answer)));
    }
    out().flush();
  }

  private String offline(ReachResponse answer) {
    var table = new TextTable("PEER", "PORTS");
    answer
        .getGroupsList()
        .forEach(g -> table.row(g.getPeer().getName(), Ends.ports(g.getPortsList())));
    return heading(answer.getWho().getName()) + table + more(answer);
  }
}
