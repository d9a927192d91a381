package io.sekisho.console.graph.model;

import io.sekisho.flow.ServiceGraph.Port;
import java.util.List;

/**
 * A line of the picture: one connection, or several between the same two boxes. Rates are per
 * second; the direction is the opener's.
 *
 * @param id key of the connection, or the same form made of the ids of both ends
 * @param from id of a node or container
 * @param to id of a node or container
 * @param ports server ports; the most dropped first, then the busiest
 * @param forwarded connections let through
 * @param dropped drop events
 * @param audited audited events
 * @param bytes bytes per second, -1 if unknown
 * @param stale nothing was seen lately
 * @param bundle whether it runs between containers, under them
 * @param members keys of the connections that it stands for
 */
public record GraphEdge(
    String id,
    String from,
    String to,
    List<Port> ports,
    double forwarded,
    double dropped,
    double audited,
    double bytes,
    boolean stale,
    boolean bundle,
    List<String> members) {
  private static final double RATE_PER_PIXEL = Math.log(6);
  private static final int WIDEST = 6;

  /** Keeps immutable copies. */
  public GraphEdge {
    ports = List.copyOf(ports);
    members = List.copyOf(members);
  }

  /** What its line says. */
  public Look look() {
    if (stale) {
      return Look.STALE;
    }
    if (dropped > 0) {
      return forwarded > 0 ? Look.MIXED : Look.DROPPED;
    }
    return audited > 0 ? Look.AUDITED : Look.FORWARDED;
  }

  /** All events per second. */
  public double rate() {
    return forwarded + dropped + audited;
  }

  /** Whether something is dropped now. */
  public boolean troubled() {
    return dropped > 0 && !stale;
  }

  /** The part that is dropped, 0 to 1. */
  public double droppedShare() {
    return rate() > 0 ? dropped / rate() : 0;
  }

  /** Pixels, 1 to 6: one more for every factor of six of the rate; trouble is never a hairline. */
  public int width() {
    if (stale) {
      return 1;
    }
    long byRate = Math.round(1 + Math.log(Math.max(1, rate())) / RATE_PER_PIXEL);
    return Math.clamp(byRate, dropped > 0 ? 2 : 1, WIDEST);
  }
}
