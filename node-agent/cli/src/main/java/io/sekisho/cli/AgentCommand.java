package io.sekisho.cli;

import com.google.protobuf.MessageOrBuilder;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** A command that asks an agent. */
abstract class AgentCommand implements Runnable {
  @Mixin private Connection connection;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    try (var client = connection.open()) {
      ask(client);
    }
  }

  abstract void ask(AgentClient client);

  CommandLine.Model.CommandSpec spec() {
    return spec;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  void print(Output output, MessageOrBuilder message, Supplier<String> text) {
    output.print(spec, message, text);
  }
}
