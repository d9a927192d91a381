package io.sekisho.libbpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.system.SystemCalls;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Attachment to the loopback interface of a namespace that ends with the test's thread. */
final class AttachTest {
  private interface Work {
    void run(BpfProgram first, BpfProgram second, int loopback) throws IOException;
  }

  private static void inNewNamespace(Work work) throws InterruptedException {
    var task =
        new FutureTask<>(
            () -> {
              int result = SystemCalls.unshare(SystemCalls.CLONE_NEWNET);
              assertEquals(0, result);
              try (var object = Fixture.open("fixture").load();
                  var first = object.program("drops");
                  var second = object.program("counts")) {
                work.run(first, second, SystemCalls.interfaceIndex("lo"));
              }
              return result;
            });
    Thread.ofPlatform().start(task);
    try {
      task.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Test
  void link_updated_hasTheNewProgramOnTheSameInterface() throws Exception {
    inNewNamespace(
        (first, second, loopback) -> {
          try (var link = BpfLink.attach(first, loopback, BpfLink.Hook.EGRESS)) {
            assertEquals(loopback, link.info().interfaceIndex());
            assertEquals(first.id(), link.info().programId());
            assertTrue(link.info().egress());

            link.update(second);

            assertEquals(second.id(), link.info().programId());
          }
        });
  }

  @Test
  void link_pinned_outlivesItsDescriptor() throws Exception {
    inNewNamespace(
        (first, second, loopback) -> {
          try (var pins = new PinFolder()) {
            var pin = pins.path().resolve("link");
            try (var link = BpfLink.attach(first, loopback, BpfLink.Hook.INGRESS)) {
              link.pin(pin);
            }
            try (var again = BpfLink.openPinned(pin)) {
              assertEquals(loopback, again.info().interfaceIndex());
              assertFalse(again.info().egress());
              again.detach();
              assertEquals(0, again.info().interfaceIndex());
            }
          }
        });
  }

  @Test
  void link_toNoInterface_isNotFound() throws Exception {
    inNewNamespace(
        (first, second, loopback) -> {
          var error =
              assertThrows(
                  BpfException.class, () -> BpfLink.attach(first, 4711, BpfLink.Hook.INGRESS));
          assertEquals(BpfException.Code.NOT_FOUND, error.code());
        });
  }

  @Test
  void filter_attachedTwice_isReplacedInPlace() throws Exception {
    inNewNamespace(
        (first, second, loopback) -> {
          assertEquals(0, TcAttachment.programId(loopback, BpfLink.Hook.INGRESS));
          TcAttachment.attach(first, loopback, BpfLink.Hook.INGRESS);
          assertEquals(first.id(), TcAttachment.programId(loopback, BpfLink.Hook.INGRESS));

          TcAttachment.attach(second, loopback, BpfLink.Hook.INGRESS);

          assertEquals(second.id(), TcAttachment.programId(loopback, BpfLink.Hook.INGRESS));
          assertEquals(0, TcAttachment.programId(loopback, BpfLink.Hook.EGRESS));
          assertTrue(TcAttachment.detach(loopback, BpfLink.Hook.INGRESS));
          assertFalse(TcAttachment.detach(loopback, BpfLink.Hook.INGRESS));
        });
  }

  @Test
  void program_pinned_isTheSame() throws IOException {
    try (var pins = new PinFolder();
        var object = Fixture.open("fixture").load();
        var program = object.program("drops")) {
      program.pin(pins.path().resolve("program"));
      try (var again = BpfProgram.openPinned(pins.path().resolve("program"))) {
        assertEquals(program.id(), again.id());
        assertNotEquals(program.fd(), again.fd());
      }
    }
  }
}
