package io.sekisho.libbpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sekisho.libbpf.KernelFeatures.Feature;
import io.sekisho.libbpf.KernelFeatures.Presence;
import io.sekisho.libbpf.system.Errno;
import io.sekisho.libbpf.system.SystemCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Probes agree with what the kernel does. */
final class KernelFeaturesTest {
  @ParameterizedTest
  @EnumSource(Feature.class)
  void explain_everyFeature_isASentence(Feature feature) {
    assertFalse(feature.explain().isBlank());
    assertFalse(feature.purpose().isBlank());
  }

  @Test
  void probeAll_knowsEveryFeature() {
    assertEquals(Feature.values().length, KernelFeatures.probeAll().size());
  }

  /** Attaching is the proof: the link works where the probe says so, and only there. */
  @Test
  void probe_tcx_agreesWithAttaching() throws InterruptedException {
    var attached = new boolean[1];
    var thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  SystemCalls.unshare(SystemCalls.CLONE_NEWNET);
                  try (var object = Fixture.open("fixture").load();
                      var program = object.program("drops");
                      var link = BpfLink.attach(program, 1, BpfLink.Hook.INGRESS)) {
                    attached[0] = link.info().id() > 0;
                  } catch (BpfException e) {
                    assertEquals(BpfException.Code.UNSUPPORTED_FEATURE, e.code());
                  }
                });
    thread.join();

    assertEquals(attached[0] ? Presence.PRESENT : Presence.MISSING, Feature.TCX.probe());
  }

  /** A helper that no kernel has: the probe must be able to say no. */
  @Test
  void answer_ofImpossibleHelper_isMissing() {
    assertEquals(0, LibBpf.CALLS.libbpf_probe_bpf_helper(3, 30_000, null));
    assertEquals("errno 4095", Errno.describe(4095));
  }
}
