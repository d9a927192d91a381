package io.sekisho.cli;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.GetRevisionRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints one document. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "One document as its author wrote it.")
final class PolicyGetCommand extends AgentCommand {
  @Mixin private Output output;

  @Parameters(paramLabel = "NAMESPACE/NAME", description = "Which; without namespace NAME alone.")
  private String name;

  @Option(names = "--kind", paramLabel = "KIND", description = "Its kind, where two share a name.")
  private String kind = "";

  @Option(
      names = "--revision",
      paramLabel = "N",
      description = "Another revision than the one in force.")
  private long revision;

  @Override
  void ask(AgentClient client) {
    var from = client.revisions().get(GetRevisionRequest.newBuilder().setNumber(revision).build());
    Document document = only(Documents.named(from, kind, name));
    print(output, document, () -> Documents.text(document));
  }

  private Document only(List<Document> found) {
    return switch (found.size()) {
      case 0 -> throw new CliException(CliException.Code.REFUSED, "there is no document " + name);
      case 1 -> found.getFirst();
      default ->
          throw new CliException(
              CliException.Code.USAGE,
              "there are "
                  + found.size()
                  + " documents "
                  + name
                  + "; say which with --kind: "
                  + String.join(", ", found.stream().map(Document::getKind).toList()));
    };
  }
}
