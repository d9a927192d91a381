package io.sekisho.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/** The agent's log: one line for each record on standard error, for journald or a file. */
final class Logs {
  private static final String SETTINGS =
      """
      handlers = java.util.logging.ConsoleHandler
      .level = INFO
      io.grpc.level = WARNING
      io.netty.level = WARNING
      io.netty.bootstrap.level = SEVERE
      java.util.logging.ConsoleHandler.level = ALL
      java.util.logging.ConsoleHandler.formatter = java.util.logging.SimpleFormatter
      java.util.logging.SimpleFormatter.format = %1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n
      """;

  private Logs() {}

  static void configure() {
    if (System.getProperty("java.util.logging.config.file") != null) {
      return;
    }
    try (var settings = new ByteArrayInputStream(SETTINGS.getBytes(StandardCharsets.UTF_8))) {
      LogManager.getLogManager().readConfiguration(settings);
    } catch (IOException e) {
      throw new UncheckedIOException("the settings of the log are read from memory", e);
    }
  }
}
