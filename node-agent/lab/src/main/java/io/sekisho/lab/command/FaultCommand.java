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

  @Command(name = "mtu", description = "Changes the largest packet of a node's wire (1500).")
  void mtu(
      @Parameters(paramLabel = "NODE") String node,
      @Parameters(paramLabel = "BYTES", description = "1280 to 9000") int bytes) {
    faults().mtu(node, bytes);
  }

  @Command(
      name = "move",
      description =
          "Gives a node other underlay addresses, or back its first ones; restarts its agent.")
  void move(@Parameters(paramLabel = "NODE") String node) {
    faults().move(node);
  }

  @Command(name = "unplug", description = "Deletes a pod's interface by hand.")
  void unplug(@Parameters(paramLabel = "POD") String pod) {
    faults().unplug(pod);
  }

  @Command(name = "disk-full", description = "Leaves no room for a node's state.")
  void diskFull(@Parameters(paramLabel = "NODE") String node) {
    faults().diskFull(node);
  }

  @Command(name = "disk-free", description = "Gives the room back.")
  void diskFree(@Parameters(paramLabel = "NODE") String node) {
    faults().diskFree(node);
  }

  @Command(name = "clock", description = "Sets an agent's clock; the lab needs --fake-clocks.")
  void clock(
      @Parameters(paramLabel = "NODE") String node,
      @Parameters(paramLabel = "OFFSET", description = "0, or as +1d, -90s") String offset) {
    faults().clock(node, offset);
  }

  @Command(
      name = "etcd-halt",
      description = "Halts the cluster store: it listens, and answers nothing.")
  void etcdHalt() {
    faults().etcdHalt();
  }

  @Command(name = "etcd-resume", description = "Lets the cluster store go on.")
  void etcdResume() {
    faults().etcdResume();
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
