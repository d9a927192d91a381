package io.sekisho.cli;

import picocli.CommandLine.Option;

/** The option of what else waits for a confirmation by itself. */
final class NoConfirm {
  @Option(
      names = "--no-confirm",
      description = "Do not wait for a confirmation, though it is about nodes' own traffic.")
  private boolean refused;

  boolean isRefused() {
    return refused;
  }
}
