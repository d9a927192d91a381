package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's switch, as a file of ours. */
final class GracePeriodsTest {
  @TempDir Path folder;
  private Path control;
  private PinFolder pins;

  @BeforeEach
  void create() throws IOException {
    control = Files.writeString(folder.resolve("switch"), "0\n");
    Files.createDirectory(folder.resolve("n1"));
    pins = new PinFolder(folder, "n1");
  }

  private GracePeriods periods() {
    return GracePeriods.notedIn(pins, control);
  }

  private String value() {
    try {
      return Files.readString(control).strip();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isNoted() {
    return Files.exists(folder.resolve("n1/rcu_expedited"), LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void expedited_work_seesTheSwitchThrownAndNoted() {
    periods()
        .expedited(
            () -> {
              assertEquals("1", value());
              assertTrue(isNoted());
            });
    assertEquals("0", value());
    assertFalse(isNoted());
  }

  @Test
  void expedited_workFails_switchIsPutBack() {
    assertThrows(
        IllegalStateException.class,
        () ->
            periods()
                .expedited(
                    () -> {
                      throw new IllegalStateException("work");
                    }));
    assertEquals("0", value());
    assertFalse(isNoted());
  }

  @Test
  void restore_afterAnAgentThatDiedInside_putsTheSwitchBack() throws IOException {
    pins.note("rcu_expedited", "1");
    Files.writeString(control, "1");
    periods().restore();
    assertEquals("0", value());
    assertFalse(isNoted());
  }

  @Test
  void restore_anAdministratorsSwitch_isLeftAlone() throws IOException {
    Files.writeString(control, "1");
    periods().restore();
    periods().expedited(() -> assertFalse(isNoted()));
    assertEquals("1", value());
  }
}
