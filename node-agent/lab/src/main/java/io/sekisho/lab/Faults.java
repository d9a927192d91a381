package io.sekisho.lab;

import java.util.ArrayList;
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

  /**
   * Changes the largest packet of a node's wire while all runs; 1500 is the usual.
   *
   * @param bytes 1280, which IPv6 demands, to 9000
   */
  public void mtu(String node, int bytes) {
    if (bytes < 1280 || bytes > 9000) {
      throw new LabException(
          LabException.Code.UNKNOWN, "a wire of " + bytes + " bytes: 1280 to 9000 are possible");
    }
    underlay.setMtu(lab.node(node), bytes);
  }

  /** Gives a node other underlay addresses, or its first ones again; its agent starts anew. */
  public void move(String node) {
    LabNode from = lab.node(node);
    stopAgent(node);
    LabDescription description = lab.description();
    List<Integer> moved = new ArrayList<>(description.moved());
    if (!moved.remove(Integer.valueOf(from.number()))) {
      moved.add(from.number());
    }
    description.withMoved(moved).write(lab.folder());
    underlay.renumber(from, from.moved());
    startAgent(node);
  }

  /** Deletes a pod's interface pair, as a clumsy hand would. */
  public void unplug(String pod) {
    Pod victim = lab.pod(pod);
    new Ip().add("link del eth0").runIn(lab.names().pod(victim.namespace(), victim.name()));
  }

  /** Leaves no room where an agent keeps its state. */
  public void diskFull(String node) {
    SmallDisk.fill(lab.folder().agentState(lab.node(node).name()));
  }

  /** Gives the room back. */
  public void diskFree(String node) {
    SmallDisk.empty(lab.folder().agentState(lab.node(node).name()));
  }

  /**
   * Sets an agent's clock; only in a lab with fake clocks.
   *
   * @param offset from the machine's time: 0, or as {@code +1d}, {@code -90s}
   */
  public void clock(String node, String offset) {
    if (!lab.description().wish().fakeClocks()) {
      throw new LabException(
          LabException.Code.UNKNOWN, "the lab's clocks are real: sekisho lab up --fake-clocks");
    }
    FakeClock.set(lab.folder().clock(lab.node(node).name()), offset);
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

  /** Halts the cluster store: its connections stay, and nothing is answered. */
  public void etcdHalt() {
    lab.etcd().signal("STOP");
  }

  /** Lets the cluster store go on. */
  public void etcdResume() {
    lab.etcd().signal("CONT");
  }
}
