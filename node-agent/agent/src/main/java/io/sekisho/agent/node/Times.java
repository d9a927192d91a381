package io.sekisho.agent.node;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Times as protobuf has them. */
final class Times {
  private Times() {}

  static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
