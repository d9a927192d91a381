package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DaemonTest {
  @TempDir Path folder;

  @Test
  void stop_running_ends() {
    Daemon daemon = sleeping();
    long pid = daemon.pid().orElseThrow();
    daemon.stop();
    assertTrue(daemon.pid().isEmpty());
    // ended, but this JVM has yet to take its exit status
    Await.until(
        Duration.ofSeconds(60),
        () -> pid + " is alive",
        () -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }

  @Test
  void kill_alreadyGone_doesNothing() {
    Daemon daemon = sleeping();
    daemon.kill();
    daemon.kill();
    assertTrue(daemon.pid().isEmpty());
  }

  @Test
  void pid_sameNumberOtherProcess_isNotTaken() throws IOException {
    long own = ProcessHandle.current().pid();
    Files.writeString(folder.resolve("d"), own + " 1\n");
    assertTrue(new Daemon(folder, "d").pid().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1", "1 x", "99999999999999999999 1"})
  void pid_tornFile_isNoProcess(String text) throws IOException {
    Files.writeString(folder.resolve("d"), text);
    assertTrue(new Daemon(folder, "d").pid().isEmpty());
  }

  @Test
  void start_missingProgramOfSetsid_endsByItself() {
    Daemon daemon = new Daemon(folder, "d");
    daemon.start(List.of("/nonexistent"), folder.resolve("log"));
    Await.until(Duration.ofSeconds(60), () -> "still up", () -> daemon.pid().isEmpty());
  }

  @Test
  void command_failing_saysWhatItSaid() {
    LabException e =
        assertThrows(LabException.class, () -> Command.of("ip", "link", "show", "nowhere0").run());
    assertEquals(LabException.Code.PROGRAM_FAILED, e.code());
    assertTrue(String.valueOf(e.getMessage()).contains("does not exist"), e.getMessage());
  }

  @Test
  void command_missing_isTyped() {
    LabException e = assertThrows(LabException.class, () -> Command.of("/nonexistent").tryRun());
    assertEquals(LabException.Code.PROGRAM_MISSING, e.code());
  }

  private Daemon sleeping() {
    Daemon daemon = new Daemon(folder, "d");
    daemon.start(List.of("sleep", "60"), folder.resolve("log"));
    return daemon;
  }
}
