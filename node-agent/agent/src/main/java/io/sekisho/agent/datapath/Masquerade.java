package io.sekisho.agent.datapath;

/**
 * The node's address takes the place of the pod's in what leaves the cluster.
 *
 * @param firstPort first port (and echo id) that masqueraded connections get
 * @param lastPort last one, included
 */
public record Masquerade(int firstPort, int lastPort) {
  /** The dynamic ports of RFC 6335; the node's own programs keep what lies below. */
  public static final Masquerade USUAL = new Masquerade(49_152, 65_535);
}
