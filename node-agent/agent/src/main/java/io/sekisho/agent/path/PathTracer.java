package io.sekisho.agent.path;

import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;

/** Traces paths that begin at an endpoint of this node. */
@FunctionalInterface
public interface PathTracer {
  /**
   * Says the stations and pings the destination from inside the source; blocks for as long as that
   * takes, and ends early when its thread is interrupted.
   *
   * @throws PathException with every code
   */
  TracePathResponse trace(TracePathRequest request);
}
