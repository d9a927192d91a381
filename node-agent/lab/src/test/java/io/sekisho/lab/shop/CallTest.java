package io.sekisho.lab.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CallTest {
  @Test
  void parse_ownText_isTheSame() {
    Call call =
        new Call("cart", Call.Kind.HTTP, 0.4, 2.5, 3, List.of("10.244.1.2:8080", "[fd00::2]:8080"));
    assertEquals(call, Call.parse(call.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "target",
        "target=a;kind=http;share=1;rate=1;reuse=1",
        "target=a;kind=smtp;share=1;rate=1;reuse=1;to=1.2.3.4:1",
        "target=a;kind=http;share=x;rate=1;reuse=1;to=1.2.3.4:1",
        "target=a;kind=http;share=1;rate=1;reuse=1.5;to=1.2.3.4:1",
        "target=a;kind=http;share=1;rate=1;reuse=1;to=",
        "target=a;kind=http;share=1;rate=1;reuse=1;to=example.org:80",
        "target=a;kind=http;share=1;rate=1;reuse=1;to=1.2.3.4",
        "target=a;kind=http;share=1;rate=1;reuse=1;to=1.2.3.4:99999",
        "target=a;kind=http;share=1;rate=1;reuse=1;to=[fd00::zz]:1"
      })
  void parse_broken_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Call.parse(text));
  }

  @Test
  void listener_ownText_isTheSame() {
    Listener listener = new Listener(Listener.Kind.STORE, 5432);
    assertEquals(listener, Listener.parse(listener.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http", "http:", "http:x", "gopher:70"})
  void listener_broken_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Listener.parse(text));
  }
}
