package io.sekisho.agent.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.datapath.LinuxKernel;
import io.sekisho.agent.datapath.NodeFeature;
import io.sekisho.agent.datapath.NodeFeature.Presence;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.agent.doctor.Doctor.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

  private static NodeFeature feature(String name, Presence presence, String... fallback) {
    return new NodeFeature(name, presence, "does things", "6.6", Stream.of(fallback).findFirst());
  }

  private Doctor doctor(NodeFeature... features) {
    return new Doctor(root, List.of(features));
  }

  @ParameterizedTest
  @CsvSource({
    "PRESENT,OK,OK",
    "MISSING,ERROR,WARNING",
    "UNKNOWN,ERROR,WARNING",
  })
  void machine_feature_isJudgedByTrialAndNeed(Presence presence, Level needed, Level wanted) {
    var findings = doctor(feature("A", presence), feature("B", presence, "clsact")).machine();
    assertEquals(needed, findings.get(2).level());
    assertEquals(wanted, findings.get(3).level());
  }

  @Test
  void machine_missingFeature_saysSinceAndFallback() {
    var finding = doctor(feature("TCX", Presence.MISSING, "clsact")).machine().get(2);
    assertEquals("missing: TCX does things", finding.what());
    assertEquals("Linux has it since 6.6; instead: clsact", finding.advice());
  }

  /** An old release with all features is good, a new one without is not. */
  @Test
  void machine_release_decidesNothing() throws IOException {
    put("proc/sys/kernel/osrelease", "2.6.32\n");
    var doctor = doctor(feature("A", Presence.PRESENT));
    assertEquals("2.6.32", doctor.kernel());
    assertTrue(doctor.machine().stream().allMatch(f -> f.level() == Level.OK));
  }

  @Test
  void machine_bpfFileSystem_isLookedFor() throws IOException {
    assertTrue(doctor().machine().get(1).what().contains("will mount"));
    put("proc/mounts", "bpf /sys/fs/bpf bpf rw,nosuid 0 0\n");
    assertEquals("the bpf file system is mounted", doctor().machine().get(1).what());
  }

  /** What the doctor says of this machine is what the agent's start would say. */
  @Test
  void machine_thisOne_agreesWithTheStart() {
    List<NodeFeature> features = new LinuxKernel().features();
    boolean good =
        new Doctor(Path.of("/"), features)
            .machine().stream().noneMatch(f -> f.level() == Level.ERROR);
    boolean known = features.stream().noneMatch(f -> f.presence() == Presence.UNKNOWN);
    assertEquals(known, good || NodeFeature.lack(features, Routing.NATIVE).isPresent());
  }

  @Test
  void configuration_routingWithoutDevice_isAnError() {
    String yaml =
        "{node: {name: n}, underlay: {device: lo}, pods: {cidrs: [10.0.0.0/24]},"
            + " routing: {mode: geneve}}";
    var config = ConfigReader.parse(yaml, "test", root);
    var without =
        doctor(
            feature("GENEVE", Presence.MISSING, "vxlan"), feature("VXLAN", Presence.PRESENT, ""));
    assertEquals(
        List.of(Level.OK, Level.ERROR),
        without.configuration(config).stream().map(Doctor.Finding::level).toList());
    var with = doctor(feature("GENEVE", Presence.PRESENT, "vxlan"));
    assertEquals(
        List.of(Level.OK, Level.OK),
        with.configuration(config).stream().map(Doctor.Finding::level).toList());
  }

  private List<Level> levels(String yaml) {
    var config = ConfigReader.parse(yaml, "test", root);
    return doctor().configuration(config).stream().map(Doctor.Finding::level).toList();
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
