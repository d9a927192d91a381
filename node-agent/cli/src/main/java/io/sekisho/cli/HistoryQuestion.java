package io.sekisho.cli;

import io.sekisho.api.v1.HistoryRequest;
import io.sekisho.api.v1.HistoryResponse;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks for the history. */
abstract class HistoryQuestion extends AgentCommand {
  @Mixin private Output output;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many (${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--before", paramLabel = "N", description = "Only revisions before this one.")
  private long before;

  @Override
  void ask(AgentClient client) {
    var request = HistoryRequest.newBuilder().setLimit(limit).setBefore(before).build();
    var response = client.revisions().history(request);
    print(output, response, () -> table(response));
  }

  private static String table(HistoryResponse history) {
    var table = new TextTable("REVISION", "STATE", "CREATED", "AUTHOR", "+", "~", "-", "MESSAGE");
    for (var revision : history.getRevisionsList()) {
      String mark = revision.getNumber() == history.getHead() ? " *" : "";
      table.row(
          revision.getNumber() + mark,
          Texts.word(revision.getState(), "REVISION_STATE_"),
          Texts.time(revision.getCreated()),
          revision.getAuthor(),
          revision.getAdded(),
          revision.getChanged(),
          revision.getRemoved(),
          revision.getMessage());
    }
    return table.toString();
  }
}
