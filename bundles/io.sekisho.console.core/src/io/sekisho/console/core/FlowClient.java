package io.sekisho.console.core;

import io.sekisho.impact.seen.Traffic;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * Flows that the agents have recorded. The call is sent at once; failures are {@link
 * ConsoleException}s, and cancelling the future cancels the call.
 */
@FunctionalInterface
public interface FlowClient {
  /**
   * What came of a call.
   *
   * @param traffic the flows, by question
   * @param missing nodes that did not answer: their flows are not in it
   * @param damagedBytes of a recording, which could not be read
   */
  record Recorded(Traffic traffic, List<String> missing, long damagedBytes) {
    /** Keeps an immutable copy. */
    public Recorded {
      missing = List.copyOf(missing);
    }
  }

  /**
   * Everything since a time that the agents still have.
   *
   * @param counted hears from time to time how many flows came so far, on a thread of gRPC
   */
  CompletableFuture<Recorded> since(Instant from, LongConsumer counted);
}
