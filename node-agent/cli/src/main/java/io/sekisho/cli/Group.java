package io.sekisho.cli;

import picocli.CommandLine;

/** A command that only holds others: alone it says how it is used. */
abstract class Group implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  CommandLine.Model.CommandSpec spec() {
    return spec;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
  }
}
