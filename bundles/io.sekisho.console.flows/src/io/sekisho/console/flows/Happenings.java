package io.sekisho.console.flows;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Event;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Sheet;
import java.util.List;
import java.util.function.LongSupplier;

/** Events of Kubernetes beside what was seen: what happened to both ends around a drop. */
final class Happenings {
  private Happenings() {}

  /** Events of the last minutes about workloads and their pods, newest first. */
  static List<Event> of(ClusterSession session, String... workloads) {
    return around(session, System.currentTimeMillis(), workloads);
  }

  /**
   * Events of the minutes before a time, newest first.
   *
   * @param millis ms since the epoch
   */
  static List<Event> around(ClusterSession session, long millis, String... workloads) {
    return session.objects().beside(millis, workloads);
  }

  /** Writes them with how long ago they happened; nothing where there are none. */
  static void write(Sheet sheet, List<Event> events) {
    write(sheet, events, System::currentTimeMillis);
  }

  /**
   * Writes them with how long before a time they happened.
   *
   * @param millis the time, which may go on while they stand there, ms since the epoch
   */
  static void write(Sheet sheet, List<Event> events, LongSupplier millis) {
    if (events.isEmpty()) {
      return;
    }
    var theme = sheet.look().theme();
    sheet.gap();
    sheet.small(Texts.events_title);
    for (Event event : events) {
      var card = sheet.card(event.warning() ? theme.dropped() : theme.line());
      sheet.cardTitle(card, event.about().name());
      sheet.cardLine(card, event.reason() + ": " + event.message(), theme.text());
      sheet.cardLine(card, () -> ago(event, millis.getAsLong()), theme.faint());
    }
  }

  /**
   * Says the first of them in one line, if it is a warning: it must be seen without scrolling.
   *
   * @param millis the time, which may go on while it stands there, ms since the epoch
   */
  static void headline(Sheet sheet, List<Event> events, LongSupplier millis) {
    events.stream()
        .findFirst()
        .filter(Event::warning)
        .ifPresent(
            e ->
                sheet.line(
                    () ->
                        Texts.bind(
                            Texts.events_headline,
                            new Object[] {
                              e.about().name(), e.reason(), ago(e, millis.getAsLong())
                            }),
                    sheet.look().theme().dropped()));
  }

  /** {@code 10 s before, 4 times}. */
  private static String ago(Event event, long millis) {
    long seconds = Math.max(0, (millis - event.last()) / 1000);
    String time =
        seconds < 120
            ? Texts.bind(Texts.events_seconds, seconds)
            : Texts.bind(Texts.events_minutes, seconds / 60);
    return event.count() > 1
        ? time + ", " + Texts.bind(Texts.events_times, Format.count(event.count()))
        : time;
  }
}
