package io.sekisho.agent.datapath;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Sends ICMP echo requests from one network namespace; any thread may. */
public interface Pinger extends AutoCloseable {
  /**
   * Sends one request.
   *
   * @return completes with what came of it, at the latest after the timeout, never with an error
   */
  CompletableFuture<Echo> ping(InetAddress to, Duration timeout);

  /** Ends; pings that wait get no answer. */
  @Override
  void close();

  /**
   * What came of a request.
   *
   * @param rttNanos round trip, ns; empty if no answer came in time
   * @param refused why it could not even be sent
   */
  record Echo(OptionalLong rttNanos, Optional<String> refused) {
    /** Nothing came in time. */
    public static final Echo SILENCE = new Echo(OptionalLong.empty(), Optional.empty());

    /** An answer after so long. */
    public static Echo answered(long rttNanos) {
      return new Echo(OptionalLong.of(rttNanos), Optional.empty());
    }

    /** The kernel did not send it. */
    public static Echo refused(String why) {
      return new Echo(OptionalLong.empty(), Optional.of(why));
    }
  }
}
