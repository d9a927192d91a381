package io.sekisho.cli;

import io.sekisho.api.v1.EnforcementMode;
import io.sekisho.api.v1.EnforcementStatus;
import io.sekisho.api.v1.GetEnforcementRequest;
import io.sekisho.api.v1.SetEnforcementRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows and changes how a node obeys policies. */
@Command(
    name = "enforcement",
    mixinStandardHelpOptions = true,
    description = {
      "How the agent's node obeys policies; with --mode or --audit changes it.",
      "A change lasts until the agent restarts: its configuration has policy.enforcement and"
          + " policy.audit."
    })
final class EnforcementCommand extends AgentCommand {
  /** Where policies are enforced. */
  enum Mode {
    DEFAULT(EnforcementMode.ENFORCE_DEFAULT),
    ALWAYS(EnforcementMode.ENFORCE_ALWAYS),
    NEVER(EnforcementMode.ENFORCE_NEVER);

    private final EnforcementMode api;

    Mode(EnforcementMode api) {
      this.api = api;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private Output output;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "default: where a policy selects the endpoint; always: at every pod; never: nowhere.")
  private @Nullable Mode mode;

  @Option(
      names = "--audit",
      paramLabel = "on|off",
      description = "What policies would drop passes and is reported.")
  private @Nullable Switch audit;

  @Override
  void ask(AgentClient client) {
    if (mode == null && audit == null) {
      show(client.enforcement().get(GetEnforcementRequest.getDefaultInstance()));
      return;
    }
    var request = SetEnforcementRequest.newBuilder();
    if (mode != null) {
      request.setMode(mode.api);
    }
    if (audit != null) {
      request.setAudit(audit == Switch.ON);
    }
    show(client.enforcement().set(request.build()));
  }

  private void show(EnforcementStatus status) {
    print(output, status, () -> text(status));
  }

  private static String text(EnforcementStatus status) {
    String now = word(status.getMode(), status.getAudit());
    String configured = word(status.getConfiguredMode(), status.getConfiguredAudit());
    String later =
        now.equals(configured) ? "" : " (until the agent restarts; configured: " + configured + ")";
    return status.getNode() + ": " + now + later + "\n";
  }

  private static String word(EnforcementMode mode, boolean audit) {
    return Texts.word(mode, "ENFORCE_") + (audit ? ", all under audit" : "");
  }
}
