package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.cluster.DepartedNodes.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which nodes have gone, by a clock of the test's. */
final class DepartedNodesTest {
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final DepartedNodes nodes = new DepartedNodes(SILENCE);
  private final List<String> asked = new ArrayList<>();
  private long now = 1_000;

  private List<String> gone(Told... told) {
    return nodes.gone(
        List.of(told),
        session -> {
          asked.add(session);
          return session.startsWith("deleted");
        },
        now);
  }

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void gone_silentAndDeleted_isTold() {
    assertEquals(List.of(), gone(new Told("deleted", "1"), new Told("here", "1")));
    pass(29);
    assertEquals(List.of(), gone(new Told("deleted", "1"), new Told("here", "1")));
    assertEquals(List.of(), asked);
    pass(1);
    assertEquals(List.of("deleted"), gone(new Told("deleted", "1"), new Told("here", "1")));
    assertEquals(List.of("deleted", "here"), asked);
  }

  @Test
  void gone_deletedThatGoesOn_keepsItsPlace() {
    for (int i = 0; i < 10; i++) {
      assertEquals(List.of(), gone(new Told("deleted", "" + i)));
      pass(20);
    }
    assertEquals(List.of(), asked);
  }

  @Test
  void gone_afterAPause_measuresSilenceAnew() {
    assertEquals(List.of(), gone(new Told("deleted", "1")));
    nodes.forget();
    pass(60);
    assertEquals(List.of(), gone(new Told("deleted", "1")));
    pass(30);
    assertEquals(List.of("deleted"), gone(new Told("deleted", "1")));
  }
}
