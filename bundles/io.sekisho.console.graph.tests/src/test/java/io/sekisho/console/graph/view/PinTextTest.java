package io.sekisho.console.graph.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.console.graph.layout.Pins.Place;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinTextTest {
  @Test
  void parse_ownText_isTheSamePlace() {
    assertEquals(Optional.of(new Place(-4, 12)), PinText.parse(PinText.of(new Place(-4, 12))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1,", ",2", "1,2,3", "a,b", "1.5,2", "99999999,1", "1, 2"})
  void parse_brokenText_isLeftOut(String broken) {
    assertEquals(Optional.empty(), PinText.parse(broken));
  }
}
