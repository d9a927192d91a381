package io.sekisho.agent.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.health.Health;
import io.sekisho.agent.ipam.Ipam;
import io.sekisho.agent.state.StateFile;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointFilesTest {
  private static final EndpointSpec SPEC =
      new EndpointSpec(
          7,
          new EndpointSpec.Request(
              new Attachment("c1", "eth0"),
              Path.of("/run/netns/x"),
              "sekisho",
              "shop",
              "cart-1",
              "cart",
              Labels.of("app=cart", "k8s:io.kubernetes.pod.namespace=shop"),
              Optional.empty()),
          List.of(InetAddress.ofLiteral("10.244.1.2"), InetAddress.ofLiteral("fd00::2")));

  @TempDir Path folder;
  private final Health health = new Health(Clock.systemUTC());

  private static StoredEndpoint stored(int identity) {
    return new StoredEndpoint(
        SPEC, new Identity(identity, SPEC.request().labels()), Optional.empty());
  }

  private Path file(String name) {
    return folder.resolve("endpoints").resolve(name);
  }

  @Test
  void read_adoptedEndpoint_isTheSame() {
    var request = SPEC.request();
    var adopted =
        new EndpointSpec.Request(
            request.attachment(),
            request.networkNamespace(),
            request.network(),
            request.namespace(),
            request.pod(),
            request.workload(),
            request.labels(),
            Optional.of(new EndpointSpec.Adopted("veth12", SPEC.addresses())));
    var spec = new EndpointSpec(7, adopted, SPEC.addresses());
    var files = new EndpointFiles(folder, health);
    var stored =
        new StoredEndpoint(spec, new Identity(1234, spec.request().labels()), Optional.of(true));
    files.write(stored);
    assertEquals(stored, files.read().getFirst());
    assertEquals("veth12", spec.wiring().adopted().orElseThrow().hostInterface());
  }

  @Test
  void read_written_isTheSame() {
    var files = new EndpointFiles(folder, health);
    files.write(stored(1234));
    StoredEndpoint read = files.read().getFirst();
    assertEquals(SPEC, read.spec());
    assertEquals(new Identity(1234, SPEC.request().labels()), read.identity());
    files.delete(7);
    files.delete(7);
    assertEquals(List.of(), files.read());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[1]",
        "{\"id\": 7",
        "{\"id\": 0}",
        "{\"id\": \"x\"}",
        "{\"id\":7,\"identity\":9,\"containerId\":\"c\",\"interfaceName\":\"e\","
            + "\"networkNamespace\":\"/x\",\"pod\":\"p\",\"workload\":\"w\","
            + "\"labels\":[\"a=b\"],\"addresses\":[\"no address\"]}",
        "{\"id\":7,\"identity\":9,\"containerId\":\"c\",\"interfaceName\":\"e\","
            + "\"networkNamespace\":\"/x\",\"pod\":\"p\",\"workload\":\"w\","
            + "\"labels\":[null],\"addresses\":[\"10.0.0.1\"]}",
        "{\"id\":7,\"identity\":9,\"containerId\":\"c\",\"interfaceName\":\"e\","
            + "\"networkNamespace\":\"/x\",\"pod\":\"p\",\"workload\":\"w\","
            + "\"labels\":[\"a=b\"],\"addresses\":[]}"
      })
  void read_broken_isSetAsideAndReported(String text) throws IOException {
    var files = new EndpointFiles(folder, health);
    files.write(stored(1234));
    Files.writeString(file("7.json"), text);
    assertEquals(List.of(), files.read());
    assertEquals(text, Files.readString(file("7.json.broken")));
    assertEquals("state file 7.json", health.problems().getFirst().component());
    assertEquals(List.of(), files.read());
  }

  @Test
  void read_fileOfAnotherNumber_isSetAside() throws IOException {
    var files = new EndpointFiles(folder, health);
    files.write(stored(1234));
    Files.move(file("7.json"), file("8.json"));
    assertEquals(List.of(), files.read());
    assertTrue(Files.exists(file("8.json.broken")));
  }

  @Test
  void write_leftoverTemporaryFile_doesNotMatter() throws IOException {
    var files = new EndpointFiles(folder, health);
    Files.writeString(file("7.json.tmp"), "torn");
    files.write(stored(1));
    assertEquals(1, files.read().size());
    assertFalse(Files.exists(file("7.json.tmp")));
  }

  @Test
  void stateFile_folderGone_failsAndKeepsTheOld() {
    Path lost = folder.resolve("gone/x.json");
    assertThrows(UncheckedIOException.class, () -> StateFile.write(lost, "x"));
    assertEquals(Optional.empty(), StateFile.read(lost));
  }

  @Property(tries = 50)
  void ids_anySequence_neverTwiceAndInRange(@ForAll @IntRange(min = 1, max = 300) int count) {
    var ids = new EndpointIds();
    var seen = new HashSet<Integer>();
    for (int i = 0; i < count; i++) {
      int id = ids.allocate().orElseThrow();
      assertTrue(id >= 1 && id <= EndpointSpec.MAX_ID);
      assertTrue(seen.add(id));
    }
    ids.release(1);
    assertEquals(count + 1, ids.allocate().orElseThrow());
  }

  @Test
  void ids_allTaken_isEmptyUntilOneIsReleased() {
    var ids = new EndpointIds();
    for (int i = 1; i <= EndpointSpec.MAX_ID; i++) {
      assertTrue(ids.reserve(i));
    }
    assertTrue(ids.allocate().isEmpty());
    ids.release(77);
    assertEquals(77, ids.allocate().orElseThrow());
  }

  @Test
  void begin_attachmentTaken_fails() {
    var endpoints = new Endpoints(new Ipam(List.of(Cidr.parse("10.0.0.0/24"))));
    endpoints.begin(SPEC.request());
    var e = assertThrows(EndpointException.class, () -> endpoints.begin(SPEC.request()));
    assertEquals(EndpointException.Code.ALREADY_ATTACHED, e.code());
  }

  @Test
  void locks_afterUse_areForgotten() {
    var locks = new AttachmentLocks();
    var attachment = new Attachment("c", "eth0");
    assertEquals(1, locks.<Integer>locked(attachment, locks::size));
    assertEquals(0, locks.size());
  }
}
