package io.sekisho.lab.command;

import io.sekisho.lab.Faults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes something go wrong, or mends it. */
@Command(
    name = "fault",
    description = "Makes something go wrong in the lab, or mends it.",
    mixinStandardHelpOptions = true)
final class FaultCommand {
  private static Faults faults() {
    return LabProgram.lab(LabProgram::say).faults();
  }

  @Command(name = "cut", description = "Cuts a node off the underlay.")
  void cut(@Parameters(paramLabel = "NODE") String node) {
    faults().cut(node);
  }

  @Command(name = "heal", description = "Ends cut and drop of a node.")
  void heal(@Parameters(paramLabel = "NODE") String node) {
    faults().heal(node);
  }

  @Command(name = "drop", description = "Loses a share of what reaches a node, without delay.")
  void drop(
      @Parameters(paramLabel = "NODE") String node,
      @Parameters(paramLabel = "PERCENT", defaultValue = "20", description = "1 to 100 (20)")
          int percent) {
    faults().drop(node, percent);
  }

  @Command(name = "kill-agent", description = "Ends a node's agent as a crash would (SIGKILL).")
  void killAgent(@Parameters(paramLabel = "NODE") String node) {
    faults().killAgent(node);
  }

  @Command(name = "stop-agent", description = "Ends a node's agent in order.")
  void stopAgent(@Parameters(paramLabel = "NODE") String node) {
    faults().stopAgent(node);
  }

  @Command(name = "start-agent", description = "Starts a node's agent again.")
  void startAgent(@Parameters(paramLabel = "NODE") String node) {
    faults().startAgent(node);
  }

  @Command(name = "etcd-down", description = "Ends the cluster store.")
  void etcdDown() {
    faults().etcdDown();
  }

  @Command(name = "etcd-up", description = "Starts the cluster store again.")
  void etcdUp() {
    faults().etcdUp();
  }
}
