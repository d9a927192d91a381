package io.sekisho.agent.revision;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import io.sekisho.api.v1.Head;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class CountdownTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicReference<Instant> timeOfDay = new AtomicReference<>(START);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
  private final Countdown countdown =
      new Countdown(
          new Clock() {
            @Override
            public ZoneOffset getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return timeOfDay.get();
            }
          },
          nanos::get);

  private static Head head(long number, Duration until) {
    return Head.newBuilder()
        .setNumber(number)
        .setConfirmDeadline(Timestamps.fromMillis(START.plus(until).toEpochMilli()))
        .build();
  }

  @Test
  void isOver_secondsPass_atTheDeadline() {
    Head head = head(1, Duration.ofSeconds(10));
    assertFalse(countdown.isOver(head));
    nanos.addAndGet(9_999_000_000L);
    assertFalse(countdown.isOver(head));
    nanos.addAndGet(1_000_000L);
    assertTrue(countdown.isOver(head));
  }

  @Test
  void isOver_clockSetForward_secondsStillCount() {
    Head head = head(1, Duration.ofSeconds(10));
    assertFalse(countdown.isOver(head));
    timeOfDay.set(START.plus(Duration.ofDays(1)));
    assertFalse(countdown.isOver(head));
  }

  @Test
  void isOver_clockSetBack_endsAllTheSame() {
    Head head = head(1, Duration.ofSeconds(10));
    assertFalse(countdown.isOver(head));
    timeOfDay.set(START.minus(Duration.ofDays(1)));
    nanos.addAndGet(10_000_000_000L);
    assertTrue(countdown.isOver(head));
  }

  @Test
  void isOver_clockSetBackBeforeTheFirstLook_waitsNoLongerThanAskedFor() {
    Head head = asked(head(1, Duration.ofSeconds(10)), 10);
    timeOfDay.set(START.minus(Duration.ofDays(1)));
    assertFalse(countdown.isOver(head));
    nanos.addAndGet(10_000_000_000L);
    assertTrue(countdown.isOver(head));
  }

  @Test
  void isOver_pushedJustNowByANodeWithAnotherClock_waitsAsLongAsAskedFor() {
    Head head = asked(head(1, Duration.ofHours(-1)), 10);
    countdown.begin(head);
    assertFalse(countdown.isOver(head));
    nanos.addAndGet(9_999_000_000L);
    countdown.begin(head);
    assertFalse(countdown.isOver(head));
    nanos.addAndGet(1_000_000L);
    assertTrue(countdown.isOver(head));
  }

  private static Head asked(Head head, int seconds) {
    return head.toBuilder()
        .setConfirmWithin(com.google.protobuf.Duration.newBuilder().setSeconds(seconds))
        .build();
  }

  @Test
  void isOver_anotherHead_countsAnew() {
    assertTrue(countdown.isOver(head(1, Duration.ofSeconds(-1))));
    assertFalse(countdown.isOver(head(2, Duration.ofSeconds(1))));
  }

  @Test
  void isOver_noDeadline_isOver() {
    assertTrue(countdown.isOver(Head.newBuilder().setNumber(3).build()));
  }
}
