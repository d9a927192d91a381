package io.sekisho.cli;

import picocli.CommandLine.Command;

/** The documents of the revision in force, and how to change them. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "Policies: read, check, test, push, confirm, ask why, verify.",
    subcommands = {
      PolicyListCommand.class,
      PolicyGetCommand.class,
      PolicyValidateCommand.class,
      PolicyPushCommand.class,
      PolicyRemoveCommand.class,
      PolicyConfirmCommand.class,
      PolicyDiffCommand.class,
      PolicyTestCommand.class,
      PolicyReachCommand.class,
      PolicyTraceCommand.class,
      PolicyChangesCommand.class,
      PolicyVerifyCommand.class,
      PolicyDefinitionsCommand.class,
      PolicyDryRunCommand.class,
      PolicyFromFlowsCommand.class
    })
final class PolicyCommand extends Group {}
