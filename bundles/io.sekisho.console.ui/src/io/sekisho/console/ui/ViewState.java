package io.sekisho.console.ui;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Link;
import java.util.Map;
import java.util.Optional;

/**
 * How far what a view shows can be trusted. Every view shows it: a page in place of contents that
 * are not there, a note beside contents that are partial or old.
 */
public sealed interface ViewState {
  /** All is told and new. */
  record Live() implements ViewState {}

  /** Nothing can be shown yet: why. */
  record Waiting(String text) implements ViewState {}

  /** Some of it is missing: what. */
  record Partial(String text) implements ViewState {}

  /** All of it is old: why, and when it goes on. */
  record Old(String text) implements ViewState {}

  /** Nothing can be shown, and trying again will not help: what is needed. */
  record Refused(String text) implements ViewState {}

  /**
   * The state of what a scope's session tells.
   *
   * @param nowMillis ms since the epoch
   */
  static ViewState of(Scope scope, long nowMillis) {
    Optional<ClusterSession> open = scope.session();
    if (open.isEmpty()) {
      return new Waiting(Texts.state_no_cluster);
    }
    ClusterSession session = open.get();
    boolean known = session.inventory().synced() || session.flows().seen() > 0;
    return switch (session.link()) {
      case Link.Connecting c ->
          new Waiting(Texts.bind(Texts.state_connecting, session.profile().name()));
      case Link.Connected c when !known -> new Waiting(Texts.state_loading);
      case Link.Connected c -> silent(session.silent());
      case Link.Disconnected d -> {
        long seconds = Math.max(0, (d.retryAtMillis() - nowMillis + 999) / 1000);
        String text = sentence(d.message());
        yield known
            ? new Old(Texts.bind(Texts.state_disconnected, text, seconds))
            : new Waiting(Texts.bind(Texts.state_disconnected_empty, text, seconds));
      }
      case Link.Refused r -> new Refused(Texts.bind(Texts.state_refused, sentence(r.message())));
      case Link.Closed c -> new Old(Texts.state_closed);
    };
  }

  private static ViewState silent(Map<String, Long> silent) {
    if (silent.isEmpty()) {
      return new Live();
    }
    Map.Entry<String, Long> first = silent.entrySet().iterator().next();
    return new Partial(
        silent.size() == 1
            ? Texts.bind(Texts.state_silent, first.getKey(), Format.minute(first.getValue() / 1000))
            : Texts.bind(Texts.state_silent_many, silent.size()));
  }

  private static String sentence(String message) {
    String capital =
        message.isEmpty()
            ? message
            : Character.toUpperCase(message.charAt(0)) + message.substring(1);
    return capital.endsWith(".") || capital.endsWith("?") ? capital : capital + ".";
  }
}
