package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.DesiredState.RemoteNode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left for pods follows the family by which nodes are met. */
final class OverlayOverheadTest {
  @TempDir Path folder;

  @BeforeEach
  void create() throws IOException {
    Files.createDirectory(folder.resolve("n1"));
  }

  private OverlayOverhead overhead(Routing routing, String... own) {
    var config =
        new NodeConfig(
            "n1",
            folder,
            "eth0",
            addresses(own),
            List.of(),
            routing,
            Overlay.at(routing.usualPort()),
            Optional.empty(),
            16,
            16,
            4096,
            1);
    return new OverlayOverhead(config, new PinFolder(folder, "n1"));
  }

  private static List<InetAddress> addresses(String... texts) {
    return Stream.of(texts).map(TestNode::ip).toList();
  }

  private static List<RemoteNode> met(String... addresses) {
    return List.of(new RemoteNode(addresses(addresses), List.of()));
  }

  @Test
  void bothFamilies_nodesWithIpv4_is50() {
    OverlayOverhead overhead = overhead(Routing.VXLAN, "198.18.0.1", "fd18::1");
    assertFalse(overhead.meet(met("fd18::2", "198.18.0.2")));
    assertEquals(1450, overhead.podMtu(1500));
  }

  @Test
  void nodeWithIpv6Only_comesAndGoes_changesWhatIsLeft() {
    OverlayOverhead overhead = overhead(Routing.VXLAN, "198.18.0.1", "fd18::1");
    assertTrue(overhead.meet(met("fd18::2")));
    assertEquals(1430, overhead.podMtu(1500));
    assertFalse(overhead.meet(met("fd18::2")));
    assertEquals(1430, overhead(Routing.VXLAN, "198.18.0.1", "fd18::1").podMtu(1500), "restarted");
    assertTrue(overhead.meet(List.of()));
    assertEquals(1450, overhead.podMtu(1500));
  }

  @Test
  void ownIpv6Only_isAlways70() {
    OverlayOverhead overhead = overhead(Routing.GENEVE, "fd18::1");
    assertEquals(1430, overhead.podMtu(1500));
    assertFalse(overhead.meet(met("fd18::2")));
    assertEquals(1430, overhead.podMtu(1500));
  }

  @Test
  void nodeThatCannotBeMet_doesNotCount() {
    OverlayOverhead overhead = overhead(Routing.VXLAN, "198.18.0.1");
    assertFalse(overhead.meet(met("fd18::2")));
    assertEquals(1450, overhead.podMtu(1500));
  }

  @Test
  void nativeRouting_takesNothing() {
    OverlayOverhead overhead = overhead(Routing.NATIVE, "198.18.0.1", "fd18::1");
    assertFalse(overhead.meet(met("fd18::2")));
    assertEquals(1500, overhead.podMtu(1500));
  }
}
