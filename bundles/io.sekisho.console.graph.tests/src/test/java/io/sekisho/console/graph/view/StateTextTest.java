package io.sekisho.console.graph.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.core.Link;
import io.sekisho.console.graph.layout.Pins.Place;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateTextTest {
  @Test
  void empty_everyLink_saysSomething() {
    for (Link link :
        new Link[] {
          new Link.Connecting(),
          new Link.Connected("n1"),
          new Link.Disconnected("n1 does not answer", 0, 0),
          new Link.Refused("role viewer is needed"),
          new Link.Closed()
        }) {
      StateText.State s = StateText.empty(link, "shop-prod", 300_000_000_000L);
      assertTrue(s.title().length() > 5 && s.text().endsWith("."), s.toString());
    }
  }

  @Test
  void empty_connected_saysTheSpan() {
    assertEquals(
        "No connections in the last 5 minutes",
        StateText.empty(new Link.Connected("n1"), "c", 300_000_000_000L).title());
  }

  @Test
  void notice_connected_isNone() {
    assertEquals("", StateText.notice(new Link.Connected("n1")));
  }

  @Test
  void pinText_brokenInput_isLeftOut() {
    assertEquals(Optional.of(new Place(-4, 12)), PinText.parse(PinText.of(new Place(-4, 12))));
    for (String broken :
        new String[] {"", "1", "1,", ",2", "1,2,3", "a,b", "1.5,2", "99999999,1"}) {
      assertEquals(Optional.empty(), PinText.parse(broken), broken);
    }
  }
}
