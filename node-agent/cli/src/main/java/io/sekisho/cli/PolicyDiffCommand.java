package io.sekisho.cli;

import io.sekisho.api.v1.DiffRequest;
import io.sekisho.api.v1.DiffResponse;
import io.sekisho.api.v1.GetRevisionRequest;
import io.sekisho.api.v1.Revision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what differs between two revisions. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = "What differs between two revisions; without numbers what the head changed.")
final class PolicyDiffCommand extends AgentCommand {
  @Mixin private Output output;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FROM",
      description = "Default: the base of TO; 0 is the empty start.")
  private @Nullable Long from;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TO",
      description = "Default: the revision in force.")
  private @Nullable Long to;

  @Override
  void ask(AgentClient client) {
    long number = to == null ? 0 : to;
    Revision target =
        client.revisions().get(GetRevisionRequest.newBuilder().setNumber(number).build());
    long base = from == null ? target.getBase() : from;
    var request = DiffRequest.newBuilder().setFrom(base).setTo(target.getNumber()).build();
    var response = client.revisions().diff(request);
    print(output, response, () -> text(response));
  }

  private static String text(DiffResponse response) {
    var out = new StringBuilder();
    for (var diff : response.getDocumentsList()) {
      var named = diff.hasAfter() ? diff.getAfter() : diff.getBefore();
      String what = !diff.hasBefore() ? "added" : diff.hasAfter() ? "changed" : "removed";
      out.append(what + " " + named.getKind() + " " + Texts.name(named) + "\n");
      out.append(diff.getUnified());
    }
    return out.isEmpty() ? "no difference\n" : out.toString();
  }
}
