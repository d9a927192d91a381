package io.sekisho.cli;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.GetRevisionRequest;
import io.sekisho.api.v1.PushRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes documents. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = "Remove documents, and wait until every node has realized it.")
final class PolicyRemoveCommand extends AgentCommand {
  @Mixin private Output output;
  @Mixin private RolloutOptions options;

  @Parameters(arity = "1..*", paramLabel = "NAMESPACE/NAME", description = "Which documents.")
  private List<String> names;

  @Option(names = "--kind", paramLabel = "KIND", description = "Their kind; else of any kind.")
  private String kind = "";

  @Override
  void ask(AgentClient client) {
    long base = options.base(client);
    var from = client.revisions().get(GetRevisionRequest.newBuilder().setNumber(base).build());
    var request = PushRequest.newBuilder().setBase(base).setMessage(options.message());
    for (String name : names) {
      List<Document> found = Documents.named(from, kind, name);
      if (found.isEmpty()) {
        throw new CliException(CliException.Code.REFUSED, "there is no document " + name);
      }
      found.forEach(document -> request.addRemove(name(document)));
    }
    if (options.isPending()) {
      request.setConfirmWithin(options.confirmWithin());
    }
    request.addAllOverrideExpectations(options.overrides());
    var response =
        GrpcErrors.ofPush(List.of(), err(), () -> client.revisions().push(request.build()));
    new RolloutProgress(client, output, out(), err()).tell(response, List.of(), options.waits());
  }

  private static DocumentName name(Document document) {
    return DocumentName.newBuilder()
        .setKind(document.getKind())
        .setNamespace(document.getNamespace())
        .setName(document.getName())
        .build();
  }
}
