package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.BpfLink.Hook;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.BpfProgram;
import io.sekisho.libbpf.system.SystemCalls;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.Qdiscs;
import io.sekisho.testkit.TestNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways of attaching a program: tcx links, and clsact filters for older kernels. */
final class AttachmentsTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void attach_inPlaceOfAnother_isSeenByALaterAgent(boolean tcx) throws IOException {
    try (var namespaces = new TestNamespaces("att");
        var object = BpfObject.openResource("endpoint").load();
        var program = object.program(EndpointWiring.FROM_ENDPOINT)) {
      Path root = Path.of("/sys/fs/bpf", namespaces.prefix());
      var pins = new PinFolder(root, "n1");
      pins.prepare();
      try {
        namespaces.create("a").run(() -> attachTwice(pins, tcx, program));
      } finally {
        pins.delete();
        Files.delete(root);
      }
    }
  }

  @Test
  void clsact_deletedByOthers_isNotAttachedAndCanBeAgain() throws IOException {
    try (var namespaces = new TestNamespaces("att");
        var object = BpfObject.openResource("endpoint").load();
        var program = object.program(EndpointWiring.FROM_ENDPOINT)) {
      var attachments = new Attachments(new PinFolder(Path.of("/nowhere"), "n1"), false);
      namespaces.create("a").run(() -> attachAfterDeletion(attachments, program));
    }
  }

  private static void attachAfterDeletion(Attachments attachments, BpfProgram program) {
    int loopback = SystemCalls.interfaceIndex("lo");
    attachments.attach("lo", loopback, program, Hook.INGRESS);
    try (var netlink = Netlink.open()) {
      netlink.run(Qdiscs.deleteClsact(loopback));
    }
    assertFalse(attachments.isAttached("lo", loopback, program.name(), Hook.INGRESS));
    attachments.attach("lo", loopback, program, Hook.INGRESS);
    assertTrue(attachments.isAttached("lo", loopback, program.name(), Hook.INGRESS));
  }

  private static void attachTwice(PinFolder pins, boolean tcx, BpfProgram program) {
    int loopback = SystemCalls.interfaceIndex("lo");
    var first = new Attachments(pins, tcx);
    assertFalse(first.isAttached("lo", loopback, program.name(), Hook.INGRESS));

    first.attach("lo", loopback, program, Hook.INGRESS);
    first.attach("lo", loopback, program, Hook.INGRESS);

    var later = new Attachments(pins, tcx);
    assertTrue(later.isAttached("lo", loopback, program.name(), Hook.INGRESS));
    assertTrue(later.isAttached("lo", loopback));
    assertFalse(later.isAttached("lo", loopback, program.name(), Hook.EGRESS));
    assertEquals(tcx ? List.of("lo_from_endpoint") : List.of(), pins.linkNames());
    later.forget("lo");
    assertEquals(List.of(), pins.linkNames());
  }
}
