package io.sekisho.agent.datapath;

/**
 * How packets are put into other packets on their way to other nodes' pods.
 *
 * @param port UDP port of the tunnel; 0 with native routing
 * @param outerByDevice whether the overlay device makes all outer headers, so that the node's
 *     netfilter and captures on the device see every packet; else the programs make those of plain
 *     ones, which is faster
 */
public record Overlay(int port, boolean outerByDevice) {
  /** Native routing. */
  public static final Overlay NONE = at(0);

  /** As fast as it goes. */
  public static Overlay at(int port) {
    return new Overlay(port, false);
  }
}
