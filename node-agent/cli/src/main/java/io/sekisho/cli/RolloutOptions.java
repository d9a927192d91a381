package io.sekisho.cli;

import com.google.protobuf.Duration;
import io.sekisho.api.v1.HistoryRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of what makes a new revision. */
final class RolloutOptions {
  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "Why; it stands in the history.")
  private String message = "";

  @Option(
      names = "--confirm-within",
      paramLabel = "SPAN",
      description = "Revert unless it is confirmed in this time, for example 60s.")
  private @Nullable String confirmWithin;

  @Option(
      names = "--base",
      paramLabel = "N",
      description = "Revision that must be in force; default is the present one.")
  private @Nullable Long base;

  @Option(
      names = "--override",
      paramLabel = "NAME",
      description =
          "Expectation that may break; stands in the history. Can be given several times.")
  private List<String> overrides = List.of();

  @Option(names = "--no-wait", description = "Do not wait for the nodes.")
  private boolean noWait;

  String message() {
    return message;
  }

  List<String> overrides() {
    return overrides;
  }

  boolean waits() {
    return !noWait;
  }

  boolean isPending() {
    return confirmWithin != null;
  }

  Duration confirmWithin() {
    return Texts.message(Texts.span(confirmWithin == null ? "0s" : confirmWithin));
  }

  long base(AgentClient client) {
    return base != null
        ? base
        : client.revisions().history(HistoryRequest.newBuilder().setLimit(1).build()).getHead();
  }
}
