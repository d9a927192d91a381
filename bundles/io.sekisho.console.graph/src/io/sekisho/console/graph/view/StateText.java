package io.sekisho.console.graph.view;

import io.sekisho.console.core.Link;
import io.sekisho.console.graph.Texts;
import io.sekisho.console.ui.Format;
import java.util.concurrent.TimeUnit;

/** Words for the states of the connection. Plain logic. */
public final class StateText {
  /** A title and what to do. */
  public record State(String title, String text) {}

  private StateText() {}

  /** Why there is no picture. */
  public static State empty(Link link, String cluster, long spanNanos) {
    return switch (link) {
      case Link.Connecting c ->
          new State(Texts.of("state.connecting.title", cluster), Texts.of("state.connecting.text"));
      case Link.Connected c ->
          new State(
              Texts.of("state.empty.title", Math.max(1, TimeUnit.NANOSECONDS.toMinutes(spanNanos))),
              Texts.of("state.empty.text"));
      case Link.Disconnected d ->
          new State(
              Texts.of("state.disconnected.title", cluster),
              Texts.of("state.disconnected.text", sentence(d.message())));
      case Link.Refused r -> new State(Texts.of("state.refused.title"), sentence(r.message()));
      case Link.Closed c ->
          new State(Texts.of("state.closed.title", cluster), Texts.of("state.noSession.text"));
    };
  }

  /** Why the picture is old; empty text while it is not. */
  public static String notice(Link link) {
    return switch (link) {
      case Link.Disconnected d ->
          Texts.of(
              "state.old",
              Format.minute(TimeUnit.MILLISECONDS.toSeconds(d.sinceMillis())),
              sentence(d.message()));
      case Link.Refused r -> sentence(r.message());
      case Link.Connecting c -> "";
      case Link.Connected c -> "";
      case Link.Closed c -> Texts.of("state.noSession.text");
    };
  }

  private static String sentence(String text) {
    return text.isEmpty() || text.endsWith(".") ? text : text + ".";
  }
}
