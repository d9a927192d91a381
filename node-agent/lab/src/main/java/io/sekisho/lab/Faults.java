package io.sekisho.lab;

import java.util.List;
import java.util.Map;

/** Things that go wrong in a cluster, on command. */
public final class Faults {
  private static final String TABLE = "sekisho_fault";

  private final Lab lab;
  private final Underlay underlay;

  Faults(Lab lab, Underlay underlay) {
    this.lab = lab;
    this.underlay = underlay;
  }

  /** Cuts a node off the underlay. */
  public void cut(String node) {
    underlay.setWire(lab.node(node), false);
  }

  /** Ends both {@link #cut} and {@link #drop} of a node. */
  public void heal(String node) {
    LabNode healed = lab.node(node);
    underlay.setWire(healed, true);
    Command.of("nft", "delete", "table", "netdev", TABLE)
        .inside(lab.names().node(healed.name()))
        .tryRun();
  }

  /**
   * Loses a share of what reaches a node over the underlay, without delay.
   *
   * @param percent 1 to 100
   */
  public void drop(String node, int percent) {
    if (percent < 1 || percent > 100) {
      throw new LabException(LabException.Code.UNKNOWN, percent + " % cannot be dropped: 1 to 100");
    }
    String namespace = lab.names().node(lab.node(node).name());
    Command.of("nft", "delete", "table", "netdev", TABLE).inside(namespace).tryRun();
    String rules =
        """
        table netdev %s {
          chain loss {
            type filter hook ingress device "eth0" priority -500;
            numgen random mod 100 <= %d counter drop
          }
        }
        """
            .formatted(TABLE, percent - 1);
    new Command(List.of("nft", "-f", "-"), rules, Map.of()).inside(namespace).run();
  }

  /** Ends an agent as a crash would. */
  public void killAgent(String node) {
    lab.agent(node).kill();
  }

  /** Ends an agent in order. */
  public void stopAgent(String node) {
    lab.agent(node).stop();
  }

  /** Starts an agent again and waits until it is healthy. */
  public void startAgent(String node) {
    NodeAgent agent = lab.agent(node);
    if (!agent.isUp()) {
      agent.start();
    }
    agent.awaitHealthy();
  }

  /** Ends the cluster store. */
  public void etcdDown() {
    lab.etcd().stop();
  }

  /** Starts the cluster store again. */
  public void etcdUp() {
    if (!lab.etcd().isUp()) {
      lab.etcd().start();
    }
  }
}
