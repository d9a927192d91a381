package io.sekisho.agent.endpoint;

import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.loop.EventLoop;
import java.time.Duration;
import java.util.TreeSet;

/**
 * Tells the cluster of the node's endpoints: at once where others wait for it, a little later, all
 * together, where it is only news of the state. Belongs to the event loop.
 */
public final class EndpointPublisher {
  private static final Duration LATER = Duration.ofMillis(500);

  private final String node;
  private final EventLoop loop;
  private final Endpoints endpoints;
  private final Cluster cluster;
  private final TreeSet<Integer> waiting = new TreeSet<>();

  /** Tells of the endpoints of a node. */
  public EndpointPublisher(String node, EventLoop loop, Endpoints endpoints, Cluster cluster) {
    this.node = node;
    this.loop = loop;
    this.endpoints = endpoints;
    this.cluster = cluster;
  }

  /** Tells of an endpoint as it is now. */
  public void now(int id) {
    loop.requireInLoop();
    waiting.remove(id);
    LocalEndpoint endpoint = endpoints.all().get(id);
    if (endpoint != null) {
      cluster.publish(endpoint.toApi(node));
    }
  }

  /** Tells of an endpoint within half a second, as it is then. */
  public void later(int id) {
    loop.requireInLoop();
    boolean first = waiting.isEmpty();
    waiting.add(id);
    if (first) {
      loop.schedule(LATER, this::flush);
    }
  }

  private void flush() {
    new TreeSet<>(waiting).forEach(this::now);
  }

  /** Takes an endpoint back. */
  public void withdraw(int id) {
    loop.requireInLoop();
    waiting.remove(id);
    cluster.withdraw(id);
  }
}
