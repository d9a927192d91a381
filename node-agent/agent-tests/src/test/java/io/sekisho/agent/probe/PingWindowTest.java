package io.sekisho.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.Pinger.Echo;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PingWindowTest {
  private final PingWindow window = new PingWindow();

  private void add(long second, Echo echo) {
    window.add(echo, Instant.ofEpochSecond(second));
  }

  @Test
  void toApi_nothingSent_knowsNothing() {
    var ping = window.toApi();
    assertEquals(0, ping.getSent());
    assertFalse(ping.hasRttNs());
    assertFalse(ping.hasLastAnswer());
    assertFalse(window.answers());
  }

  @Test
  void toApi_someLost_medianAndLoss() {
    add(1, Echo.answered(300));
    add(2, Echo.SILENCE);
    add(3, Echo.answered(100));
    add(4, Echo.answered(200));
    var ping = window.toApi();
    assertEquals(4, ping.getSent());
    assertEquals(3, ping.getAnswered());
    assertEquals(200, ping.getRttNs());
    assertEquals(4, ping.getLastAnswer().getSeconds());
    assertTrue(window.answers());
  }

  @Test
  void add_moreThanTen_forgetsTheOldest() {
    add(1, Echo.answered(1));
    for (int i = 0; i < PingWindow.SIZE; i++) {
      add(2, Echo.refused("no route"));
    }
    var ping = window.toApi();
    assertEquals(10, ping.getSent());
    assertEquals(0, ping.getAnswered());
    assertFalse(ping.hasRttNs());
    assertEquals(1, ping.getLastAnswer().getSeconds());
    assertEquals(10, window.silence());
  }
}
