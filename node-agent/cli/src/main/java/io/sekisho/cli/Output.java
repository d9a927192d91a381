package io.sekisho.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.sekisho.api.v1.FlowDetail;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The option that says how to print, and the printing. */
final class Output {
  /** Ways to print. */
  enum Format {
    TABLE,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "json|table",
      defaultValue = "table",
      description = "How to print; table unless given.")
  private Format format = Format.TABLE;

  boolean isJson() {
    return format == Format.JSON;
  }

  /** Prints a message as JSON, or what people read. */
  void print(CommandLine.Model.CommandSpec spec, MessageOrBuilder message, Supplier<String> text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(isJson() ? json(message) + "\n" : text.get());
    out.flush();
  }

  /** The message in protobuf's JSON form, over several lines; fields without a value too. */
  static String json(MessageOrBuilder message) {
    return print(printer().alwaysPrintFieldsWithNoPresence(), message);
  }

  /** The message on one line; only fields that have a value. */
  static String line(MessageOrBuilder message) {
    return print(printer().omittingInsignificantWhitespace(), message);
  }

  private static JsonFormat.Printer printer() {
    var details = TypeRegistry.newBuilder().add(FlowDetail.getDescriptor()).build();
    return JsonFormat.printer().usingTypeRegistry(details);
  }

  private static String print(JsonFormat.Printer printer, MessageOrBuilder message) {
    try {
      return printer.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new CliException(
          CliException.Code.REFUSED, "the agent speaks of something unknown: " + e.getMessage(), e);
    }
  }
}
