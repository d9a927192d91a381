package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.core.GrpcClusterSession;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Watchdog;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The window under 5,000 flows per second. */
class LoadTest {
  private static final int FLOWS_PER_SECOND = 5_000;

  /** Work for one frame of ours; a busy machine may make it longer on the wall's clock. */
  private static final long CPU_LIMIT_MILLIS = Watchdog.LIMIT_MILLIS;

  @Test
  void fiveThousandFlowsPerSecond_live_neverBlocksTheUiThread() throws Exception {
    try (ShopServer server = ShopServer.start(ShopFixture.pki(), 0, FLOWS_PER_SECOND);
        GrpcClusterSession session = GrpcClusterSession.open(server.profile("load"))) {
      Ui.run(() -> Ui.shell().setBounds(0, 0, 1440, 900));
      ShopFixture.look(session);
      Ui.await("flows", () -> session.flows().seen() > 20_000);
      long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      Ui.await("warm", () -> System.nanoTime() > warm);
      List<Watchdog.Block> blocks;
      try (Watchdog watchdog = Ui.call(() -> new Watchdog(Ui.display()))) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        Ui.await("ten seconds of load", () -> System.nanoTime() > end);
        Ui.run(() -> Scopes.of(Ui.window()).select(new Selected.Namespace("shop")));
        long more = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        Ui.await("three more", () -> System.nanoTime() > more);
        blocks = watchdog.blocks();
      }
      ShopFixture.lookAway();
      List<Watchdog.Block> ours =
          blocks.stream().filter(b -> b.cpuMillis() > CPU_LIMIT_MILLIS).toList();
      System.out.println(
          "UI thread: " + blocks.size() + " waits over 50 ms, of them " + ours.size() + " ours");
      assertTrue(ours.isEmpty(), () -> "blocked by our own work: " + words(ours));
    }
  }

  private static String words(List<Watchdog.Block> blocks) {
    StringBuilder out = new StringBuilder();
    for (Watchdog.Block block : blocks) {
      out.append("\n").append(block.cpuMillis()).append(" ms of CPU in ");
      out.append(block.wallMillis()).append(" ms, in ");
      block.where().stream().limit(12).forEach(f -> out.append("\n    ").append(f));
    }
    return out.toString();
  }
}
