package io.sekisho.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CniPlacementTest {
  private static final Path SOCKET = Path.of("/run/sekisho/n1/cni.sock");

  @TempDir private Path folder;
  private Path source;
  private CniPlacement.Places places;
  private CniPlacement placement;

  @BeforeEach
  void products() throws IOException {
    source = folder.resolve("source");
    Files.createDirectories(source.resolve("jre/bin"));
    Files.createDirectories(source.resolve("cni/bin"));
    Files.createDirectories(source.resolve("cni/lib"));
    launcher("first");
    places =
        new CniPlacement.Places(
            folder.resolve("opt/sekisho"),
            folder.resolve("opt/cni/bin"),
            folder.resolve("etc/cni/net.d/05-sekisho.conflist"));
    placement = new CniPlacement(places);
  }

  /** A launcher that knows how to rehearse. */
  private void launcher(String version) throws IOException {
    Path file = source.resolve("cni/bin/sekisho-cni");
    Files.writeString(
        file, "#!/bin/sh\necho " + version + " >>\"${SEKISHO_CNI_REHEARSAL:-/dev/null}\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> programs() throws IOException {
    try (var all = Files.list(places.programs())) {
      return all.map(p -> p.getFileName().toString()).toList();
    }
  }

  private String ready() throws IOException {
    Path launcher = Files.readSymbolicLink(places.plugins().resolve("sekisho"));
    return Files.readString(launcher.resolve("../../lib/sekisho-cni.aot").normalize()).strip();
  }

  @Test
  void install_freshHost_putsPluginAndConfiguration() throws IOException {
    placement.install(source, SOCKET);
    assertEquals("first", ready());
    assertTrue(Files.isExecutable(places.plugins().resolve("sekisho")));
    String text = Files.readString(places.configuration());
    assertTrue(text.contains("\"agentSocket\": \"/run/sekisho/n1/cni.sock\""), text);
  }

  private List<String> chain() throws IOException {
    return JsonParser.parseString(Files.readString(places.configuration()))
        .getAsJsonObject()
        .getAsJsonArray("plugins")
        .asList()
        .stream()
        .map(plugin -> plugin.getAsJsonObject().get("type").getAsString())
        .toList();
  }

  /** An executable among the runtime's plugins. */
  private Path portmap() throws IOException {
    Path plugin = Files.createDirectories(places.plugins()).resolve("portmap");
    Files.writeString(plugin, "x");
    return Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void install_withoutPortmap_isAlone() throws IOException {
    placement.install(source, SOCKET);
    assertEquals(List.of("sekisho"), chain());
  }

  @Test
  void install_portmapOnTheHost_followsOurs() throws IOException {
    portmap();
    placement.install(source, SOCKET);
    assertEquals(List.of("sekisho", "portmap"), chain());
    String text = Files.readString(places.configuration());
    assertTrue(text.contains("\"capabilities\": {\"portMappings\": true}"), text);
  }

  /** Debian's plugins stand elsewhere, and a container sees the link alone. */
  @Test
  void install_portmapIsALinkOutOfSight_followsOurs() throws IOException {
    Files.createDirectories(places.plugins());
    Files.createSymbolicLink(places.plugins().resolve("portmap"), Path.of("/usr/lib/none/portmap"));
    placement.install(source, SOCKET);
    assertEquals(List.of("sekisho", "portmap"), chain());
  }

  @Test
  void install_portmapCameOrWent_isNoticed() throws IOException {
    placement.install(source, SOCKET);
    Path plugin = portmap();
    placement.install(source, SOCKET);
    assertEquals(List.of("sekisho", "portmap"), chain());
    Files.delete(plugin);
    placement.install(source, SOCKET);
    assertEquals(List.of("sekisho"), chain());
  }

  @Test
  void install_twice_changesNothing() throws IOException {
    placement.install(source, SOCKET);
    var before = Files.getLastModifiedTime(places.configuration());
    List<String> programs = programs();
    placement.install(source, SOCKET);
    assertEquals(before, Files.getLastModifiedTime(places.configuration()));
    assertEquals(programs, programs());
    assertEquals("first", ready());
  }

  @Test
  void install_otherVersion_takesThePlace() throws IOException {
    placement.install(source, SOCKET);
    launcher("second");
    placement.install(source, SOCKET);
    assertEquals("second", ready());
    assertEquals(1, programs().size());
  }

  @Test
  void install_afterInterruptedCopy_startsAnew() throws IOException {
    Files.createDirectories(places.programs().resolve("unfinished/jre"));
    Files.writeString(places.programs().resolve("unfinished/jre/half"), "x");
    placement.install(source, SOCKET);
    assertEquals(1, programs().size());
    assertTrue(programs().getFirst().startsWith("cni-"));
  }

  @Test
  void install_rehearsalFails_installsAllTheSame() throws IOException {
    Files.writeString(source.resolve("cni/bin/sekisho-cni"), "#!/bin/sh\nexit 3\n");
    placement.install(source, SOCKET);
    assertTrue(Files.exists(places.configuration()));
  }

  @Test
  void install_withoutProducts_namesTheFolder() {
    var e =
        assertThrows(IOException.class, () -> placement.install(folder.resolve("none"), SOCKET));
    assertTrue(e.getMessage().contains("none/jre"), e.getMessage());
  }

  @Test
  void remove_afterInstall_leavesOthersOnly() throws IOException {
    placement.install(source, SOCKET);
    Files.writeString(places.plugins().resolve("bridge"), "x");
    placement.remove();
    assertFalse(Files.exists(places.configuration()));
    assertFalse(Files.exists(places.programs()));
    assertFalse(Files.exists(places.plugins().resolve("sekisho"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(places.plugins().resolve("bridge")));
  }

  @Test
  void remove_nothingInstalled_isNoError() throws IOException {
    placement.remove();
    assertFalse(Files.exists(places.programs()));
  }
}
