package io.sekisho.cli;

import io.sekisho.api.v1.GetRevisionRequest;
import io.sekisho.api.v1.Revision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows one revision. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "One revision with its documents.")
final class RevisionShowCommand extends AgentCommand {
  @Mixin private Output output;

  @Parameters(
      arity = "0..1",
      paramLabel = "N",
      defaultValue = "0",
      description = "Its number; default is the one in force.")
  private long number;

  @Override
  void ask(AgentClient client) {
    var revision =
        client.revisions().get(GetRevisionRequest.newBuilder().setNumber(number).build());
    print(output, revision, () -> text(revision));
  }

  private static String text(Revision revision) {
    var out = new StringBuilder();
    line(out, "Revision", String.valueOf(revision.getNumber()));
    line(out, "Base", String.valueOf(revision.getBase()));
    line(out, "State", Texts.word(revision.getState(), "REVISION_STATE_"));
    line(out, "Author", revision.getAuthor());
    line(out, "Created", Texts.time(revision.getCreated()));
    line(out, "Message", revision.getMessage());
    for (var overridden : revision.getOverriddenList()) {
      line(out, "Overrode", overridden.getName() + ": " + overridden.getCounterExample());
    }
    for (var document : revision.getDocumentsList()) {
      out.append("---\n").append(Documents.text(document));
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String name, String value) {
    String shown = value.isEmpty() ? "-" : value;
    out.append(String.format("%-10s%s%n", name, shown));
  }
}
