package io.sekisho.agent.rpc;

import io.sekisho.agent.path.PathException;
import io.sekisho.agent.path.PathTracer;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A tracer that says what a test tells it to; unknown endpoints until then. */
final class FakePaths implements PathTracer {
  private final CountDownLatch never = new CountDownLatch(1);
  private volatile Optional<TracePathResponse> response = Optional.empty();
  private volatile boolean slow;
  private volatile boolean interrupted;

  void say(TracePathResponse next) {
    response = Optional.of(next);
  }

  /** Calls wait until somebody interrupts them. */
  void slow() {
    slow = true;
  }

  boolean interrupted() {
    return interrupted;
  }

  @Override
  public TracePathResponse trace(TracePathRequest request) {
    try {
      if (slow) {
        never.await();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      throw new PathException(PathException.Code.CANCELLED, "interrupted", e);
    }
    return response.orElseThrow(
        () ->
            new PathException(
                PathException.Code.UNKNOWN_ENDPOINT, "there is no " + request.getSource()));
  }
}
