package io.sekisho.console.graph.model;

/**
 * How much a picture may hold before it is a hairball.
 *
 * @param nodes most nodes, those that stand for several included
 * @param edges most edges
 * @param bundled whether calls between namespaces are one edge from container to container
 */
public record Budget(int nodes, int edges, boolean bundled) {
  /** The hard cap, every connection on its own. */
  public static final Budget MOST = new Budget(150, 400, false);

  /** The same cap of edges, calls between namespaces bundled. */
  public static Budget bundled(int nodes) {
    return new Budget(Math.clamp(nodes, 1, MOST.nodes), MOST.edges, true);
  }
}
