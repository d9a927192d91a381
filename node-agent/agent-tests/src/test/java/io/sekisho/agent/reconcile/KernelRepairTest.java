package io.sekisho.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.CoreFixture;
import io.sekisho.agent.Eventually;
import io.sekisho.agent.datapath.NodeChange;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the datapath finds changed in the kernel is told, on a fake kernel. */
class KernelRepairTest {
  @TempDir Path folder;
  private CoreFixture agent;

  @BeforeEach
  void begin() {
    agent = new CoreFixture(folder).start();
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private List<String> problems() {
    return agent.core().health().problems().stream()
        .map(p -> p.component() + " " + p.message())
        .toList();
  }

  private void look() {
    agent.datapath().change(new NodeChange.Disturbed());
  }

  @Test
  void mended_isToldUntilTheNextLookFindsNothing() {
    agent.datapath().disturb("device sekisho_vxlan", "was set down", Optional.empty());
    look();
    Eventually.holds(
        () -> problems().equals(List.of("device sekisho_vxlan was set down; that is mended")));
    look();
    Eventually.holds(() -> problems().isEmpty());
  }

  @Test
  void packetTooBig_waysAreFollowed_againForOneThatComesMeanwhile() {
    int before = agent.datapath().repairs();
    agent.datapath().change(new NodeChange.PacketTooBig());
    Eventually.holds(() -> agent.datapath().waysFollowed() == 1);
    for (int i = 0; i < 100; i++) {
      agent.datapath().change(new NodeChange.PacketTooBig());
    }
    Eventually.holds(() -> agent.datapath().waysFollowed() > 1);
    assertEquals(before, agent.datapath().repairs());
    assertEquals(List.of(), problems());
  }

  @Test
  void notMended_staysToldWithTheReason() {
    agent.datapath().disturb("route 10.1.0.0/16", "was gone", Optional.of("no such device"));
    look();
    var told = List.of("route 10.1.0.0/16 was gone, and that cannot be mended yet: no such device");
    Eventually.holds(() -> problems().equals(told));
    int before = agent.datapath().repairs();
    look();
    look();
    Eventually.holds(() -> agent.datapath().repairs() > before + 1);
    assertEquals(told, problems());
    agent.datapath().disturb("route 10.1.0.0/16", "was gone", Optional.empty());
    look();
    Eventually.holds(() -> problems().toString().contains("that is mended"));
    look();
    Eventually.holds(() -> problems().isEmpty());
  }
}
