package io.sekisho.cli;

import picocli.CommandLine.Command;

/** Lists revisions. */
@Command(
    name = "revisions",
    aliases = "revision",
    mixinStandardHelpOptions = true,
    description = "The history of revisions, newest first.",
    subcommands = {
      RevisionsCommand.History.class,
      RevisionShowCommand.class,
      RollbackCommand.class
    })
final class RevisionsCommand extends HistoryQuestion {
  /** The same by its full name. */
  @Command(
      name = "history",
      mixinStandardHelpOptions = true,
      description = "The history of revisions, newest first.")
  static final class History extends HistoryQuestion {}
}
