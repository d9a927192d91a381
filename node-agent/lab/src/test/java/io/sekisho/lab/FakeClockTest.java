package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FakeClockTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0,0", "+1d,86400", "-1d,-86400", "+90s,90", "-5m,-300", "+2h,7200"})
  void seconds_offset_isRead(String text, long expected) {
    assertEquals(expected, FakeClock.seconds(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1d", "+1", "+1w", "+d", "+1d ", "+99999999d", "tomorrow"})
  void seconds_broken_isRefused(String text) {
    assertThrows(LabException.class, () -> FakeClock.seconds(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "+1d", "-1d"})
  void process_withFakeClock_seesThatTime(String offset) {
    Path file = folder.resolve("clock");
    FakeClock.set(file, offset);
    List<String> words = new ArrayList<>(List.of("env"));
    words.addAll(FakeClock.environment(Programs.ofBuild().clock(), file));
    words.addAll(List.of("date", "+%s"));
    long before = Instant.now().getEpochSecond() + FakeClock.seconds(offset);
    String said = Command.of(words.toArray(String[]::new)).run().output();
    long after = Instant.now().getEpochSecond() + FakeClock.seconds(offset);
    long seen = Long.parseLong(said.strip());
    assertTrue(before <= seen && seen <= after, before + " " + seen + " " + after);
  }

  @Test
  void environment_libraryMissing_isTyped() {
    LabException e =
        assertThrows(
            LabException.class,
            () -> FakeClock.environment(folder.resolve("none.so"), folder.resolve("clock")));
    assertEquals(LabException.Code.PROGRAM_MISSING, e.code());
  }
}
