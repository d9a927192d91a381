package io.sekisho.cli;

import io.sekisho.api.v1.GetRevisionRequest;
import io.sekisho.api.v1.Revision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists documents. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Documents of the revision in force.")
final class PolicyListCommand extends AgentCommand {
  @Mixin private Output output;

  @Option(
      names = "--revision",
      paramLabel = "N",
      description = "Another revision than the one in force.")
  private long revision;

  @Override
  void ask(AgentClient client) {
    var response =
        client.revisions().get(GetRevisionRequest.newBuilder().setNumber(revision).build());
    print(output, response, () -> table(response));
  }

  private static String table(Revision revision) {
    var table = new TextTable("KIND", "NAMESPACE", "NAME", "LINES");
    for (var document : revision.getDocumentsList()) {
      table.row(
          document.getKind(),
          document.getNamespace(),
          document.getName(),
          document.getYaml().lines().count());
    }
    return table.toString();
  }
}
