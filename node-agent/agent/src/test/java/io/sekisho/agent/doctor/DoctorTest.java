package io.sekisho.agent.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.doctor.Doctor.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
  @TempDir Path root;

  private void put(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @ParameterizedTest
  @CsvSource({
    "6.12.0-1-amd64,OK",
    "6.6.0,OK",
    "6.1.0-32-amd64,WARNING",
    "6.0.19,ERROR",
    "5.15.0,ERROR",
    "7.0-rc1,OK",
    "nonsense,ERROR"
  })
  void machine_kernel_isJudgedByItsRelease(String release, Level level) throws IOException {
    put("proc/sys/kernel/osrelease", release + "\n");
    assertEquals(level, new Doctor(root).machine().getFirst().level());
  }

  @Test
  void machine_allThere_isOk() throws IOException {
    put("proc/sys/kernel/osrelease", "6.12.0");
    put("proc/mounts", "bpf /sys/fs/bpf bpf rw,nosuid 0 0\n");
    put("sys/kernel/btf/vmlinux", "x");
    assertTrue(new Doctor(root).machine().stream().allMatch(f -> f.level() == Level.OK));
  }

  @Test
  void machine_nothingThere_givesAdviceForEach() {
    var findings = new Doctor(root).machine();
    assertEquals(3, findings.size());
    assertTrue(findings.stream().allMatch(f -> f.level() == Level.ERROR && !f.advice().isEmpty()));
  }

  private List<Level> levels(String yaml) {
    var config = ConfigReader.parse(yaml, "test", root);
    return new Doctor(root).configuration(config).stream().map(Doctor.Finding::level).toList();
  }

  @Test
  void configuration_loopback_isOk() {
    assertEquals(
        List.of(Level.OK),
        levels("{node: {name: n}, underlay: {device: lo}, pods: {cidrs: [10.0.0.0/24]}}"));
  }

  @Test
  void configuration_everythingWrong_isFoundAtOnce() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String yaml =
          """
          node: {name: n}
          underlay: {device: sk-no-such, addresses: [10.0.0.9]}
          pods: {cidrs: [10.0.0.0/24]}
          grpc: {listen: "127.0.0.1:%d", ca: ca.crt, certificate: n.crt, key: n.key}
          """
              .formatted(taken.getLocalPort());
      assertEquals(List.of(Level.ERROR, Level.ERROR, Level.ERROR, Level.ERROR), levels(yaml));
    }
  }
}
