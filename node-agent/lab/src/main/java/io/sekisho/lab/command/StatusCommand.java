package io.sekisho.lab.command;

import com.google.gson.GsonBuilder;
import io.sekisho.lab.LabException;
import io.sekisho.lab.LabStatus;
import io.sekisho.lab.LabStatus.NodeStatus;
import io.sekisho.lab.LabStatus.ProcessStatus;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what is up and how the shop fares. */
@Command(
    name = "status",
    description = "Says what is up, and how often the shop's calls went well.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Option(names = "-o", paramLabel = "FORMAT", description = "text or json")
  private String format = "text";

  @Override
  public Integer call() {
    LabStatus status = LabStatus.of(LabProgram.lab(LabProgram::say));
    switch (format) {
      case "json" ->
          System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(status));
      case "text" -> print(status);
      default ->
          throw new LabException(
              LabException.Code.UNKNOWN, "\"" + format + "\" is no format: text or json");
    }
    return status.well() ? 0 : 1;
  }

  private static void print(LabStatus status) {
    System.out.printf("etcd  %s%n", status.etcdUp() ? "up" : "DOWN");
    for (NodeStatus node : status.nodes()) {
      System.out.printf(
          "%-5s agent %s, store \"%s\", %d endpoints, revision %d, %d MB%n",
          node.name(),
          node.agentUp() ? node.state().toLowerCase(Locale.ROOT) : "DOWN",
          node.store(),
          node.endpoints(),
          node.revision(),
          node.agentBytes() >> 20);
    }
    for (ProcessStatus process : status.processes()) {
      System.out.printf(
          "%-18s %-5s %s  %s%n",
          process.name(),
          process.node(),
          process.up() ? "up  " : "DOWN",
          process.counters().isEmpty() ? "" : process.counters());
    }
  }
}
