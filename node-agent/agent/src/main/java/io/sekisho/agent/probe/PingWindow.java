package io.sekisho.agent.probe;

import com.google.protobuf.Timestamp;
import io.sekisho.agent.datapath.Pinger.Echo;
import io.sekisho.api.v1.Ping;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;

/** What the last few pings to an address said. Not thread-safe. */
final class PingWindow {
  /** Pings that are remembered. */
  static final int SIZE = 10;

  private final Deque<OptionalLong> last = new ArrayDeque<>();
  private Optional<Instant> answered = Optional.empty();
  private int silence;

  void add(Echo echo, Instant now) {
    if (last.size() == SIZE) {
      last.remove();
    }
    last.add(echo.rttNanos());
    if (echo.rttNanos().isPresent()) {
      answered = Optional.of(now);
      silence = 0;
    } else {
      silence++;
    }
  }

  /** Pings in a row, up to now, that got no answer. */
  int silence() {
    return silence;
  }

  /** Whether the last ping was answered. */
  boolean answers() {
    return !last.isEmpty() && silence == 0;
  }

  /** Median round trip, ns; of an even number the greater one. */
  OptionalLong median() {
    long[] times =
        last.stream()
            .filter(OptionalLong::isPresent)
            .mapToLong(OptionalLong::getAsLong)
            .sorted()
            .toArray();
    return times.length == 0 ? OptionalLong.empty() : OptionalLong.of(times[times.length / 2]);
  }

  Ping toApi() {
    var out =
        Ping.newBuilder()
            .setSent(last.size())
            .setAnswered((int) last.stream().filter(OptionalLong::isPresent).count());
    median().ifPresent(out::setRttNs);
    answered.ifPresent(
        at ->
            out.setLastAnswer(
                Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano())));
    return out.build();
  }
}
