package io.sekisho.agent.datapath;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Keeps what a test wants to know of events. */
final class EventLog implements EventSink {
  private final List<Seen> events = new CopyOnWriteArrayList<>();

  /** An event that was seen. */
  record Seen(
      int type,
      int subtype,
      InetAddress source,
      InetAddress destination,
      int destinationPort,
      int sourceIdentity,
      int destinationIdentity,
      int endpoint,
      int rule,
      int otherRule,
      boolean egress,
      boolean reply,
      boolean audited) {}

  @Override
  public void accept(Event event) {
    events.add(
        new Seen(
            event.type(),
            event.subtype(),
            event.source(),
            event.destination(),
            event.destinationPort(),
            event.sourceIdentity(),
            event.destinationIdentity(),
            event.endpointId(),
            event.ruleId(),
            event.otherRuleId(),
            event.egress(),
            event.reply(),
            event.audited()));
  }

  /** Forgets what was seen. */
  void clear() {
    events.clear();
  }

  boolean has(Predicate<Seen> wanted) {
    return events.stream().anyMatch(wanted);
  }

  List<Seen> all() {
    return List.copyOf(events);
  }

  @Override
  public String toString() {
    return events.toString();
  }
}
