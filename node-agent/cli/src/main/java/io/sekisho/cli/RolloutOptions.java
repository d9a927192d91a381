package io.sekisho.cli;

import com.google.protobuf.Duration;
import io.sekisho.api.v1.HistoryRequest;
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

  @Option(names = "--no-wait", description = "Do not wait for the nodes.")
  private boolean noWait;

  String message() {
    return message;
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
