package io.sekisho.cli;

import io.sekisho.api.v1.ChangeGroup;
import io.sekisho.api.v1.PolicyChangesRequest;
import io.sekisho.api.v1.PolicyChangesResponse;
import io.sekisho.api.v1.PolicySet;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who can talk to whom by other documents, and cannot now. */
@Command(
    name = "changes",
    mixinStandardHelpOptions = true,
    description = {
      "What opens and what closes between two revisions, or between the one in force and documents"
          + " that are not pushed yet; over all identities and ports of the cluster."
    })
final class PolicyChangesCommand extends AgentCommand {
  @Mixin private Output output;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FROM",
      description = "Revision before; default is the one in force; 0 is the empty start.")
  private @Nullable Long from;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TO",
      description = "Revision after; default is the one in force.")
  private @Nullable Long to;

  @Option(
      names = "--documents",
      paramLabel = "FILE",
      description = "Documents on top of TO, not pushed yet; - is standard input.")
  private List<Path> files = List.of();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "200",
      description = "Groups to tell (${DEFAULT-VALUE}).")
  private int limit;

  @Override
  void ask(AgentClient client) {
    var before = PolicySet.newBuilder();
    if (from != null) {
      before.setRevision(from);
    }
    var after = PolicySet.newBuilder().addAllUpsert(Documents.read(files));
    if (to != null) {
      after.setRevision(to);
    }
    var request =
        PolicyChangesRequest.newBuilder()
            .setBefore(before)
            .setAfter(after)
            .setLimit(Math.max(limit, 1))
            .build();
    var names = Documents.names(files);
    var response = GrpcErrors.ofDraft(names, err(), () -> client.policies().changes(request));
    print(output, response, () -> text(response));
  }

  private static String text(PolicyChangesResponse response) {
    if (response.getTotalGroups() == 0) {
      return "nothing opens and nothing closes\n";
    }
    var table = new TextTable("SOURCE", "DESTINATION", "PAIRS", "CLOSES", "OPENS");
    for (ChangeGroup group : response.getGroupsList()) {
      table.row(
          group.getSource().getName(),
          group.getDestination().getName(),
          group.getPairs(),
          Ends.ports(group.getClosedList()),
          Ends.ports(group.getOpenedList()));
    }
    long more = response.getTotalGroups() - response.getGroupsCount();
    return table
        + (more > 0 ? "and " + Texts.plural(more, "more group") + "\n" : "")
        + "closes for %s, opens for %s of identities%n"
            .formatted(
                Texts.plural(response.getClosedPairs(), "pair"),
                Texts.plural(response.getOpenedPairs(), "pair"));
  }
}
