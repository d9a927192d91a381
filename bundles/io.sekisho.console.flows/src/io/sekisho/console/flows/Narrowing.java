package io.sekisho.console.flows;

import io.sekisho.console.ui.Selected;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.Party;
import java.util.function.Predicate;

/** What a selection lets through, and how a chip says so. */
final class Narrowing {
  private Narrowing() {}

  static Predicate<FlowRecord> filter(Selected selected) {
    return switch (selected) {
      case Selected.Nothing n -> f -> true;
      case Selected.Workload w ->
          f -> f.client().key().equals(w.key()) || f.server().key().equals(w.key());
      case Selected.Pod p -> f -> p.is(f.client()) || p.is(f.server());
      case Selected.Namespace n ->
          f -> f.client().namespace().equals(n.name()) || f.server().namespace().equals(n.name());
      case Selected.Connection c ->
          f -> f.client().key().equals(c.clientKey()) && f.server().key().equals(c.serverKey());
      case Selected.Flow one -> f -> true;
      case Selected.Flows picked -> f -> true;
      case Selected.Node n -> f -> f.node().equals(n.name());
    };
  }

  /** Empty where the selection does not narrow. */
  static String words(Selected selected) {
    return switch (selected) {
      case Selected.Nothing n -> "";
      case Selected.Flow f -> "";
      case Selected.Flows f -> f.title();
      case Selected.Workload w -> name(w.key());
      case Selected.Pod p -> p.name();
      case Selected.Namespace n -> n.name();
      case Selected.Connection c -> name(c.clientKey()) + " → " + name(c.serverKey());
      case Selected.Node n -> n.name();
    };
  }

  /** The workload's name of a key. */
  static String name(String key) {
    return key.substring(key.indexOf('/') + 1);
  }

  /** The connection that a flow belongs to. */
  static Selected.Connection connection(FlowRecord flow) {
    Party client = flow.client();
    return new Selected.Connection(client.key(), flow.server().key());
  }
}
