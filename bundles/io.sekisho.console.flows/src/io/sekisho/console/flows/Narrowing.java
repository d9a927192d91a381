package io.sekisho.console.flows;

import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Service;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.Party;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a selection lets through, and how a chip says so. */
final class Narrowing {
  private Narrowing() {}

  /**
   * What a selection lets through.
   *
   * @param objects what the API server tells, to know what is behind a service now
   */
  static Predicate<FlowRecord> filter(Selected selected, KubernetesObjects objects) {
    return switch (selected) {
      case Selected.Nothing n -> f -> true;
      case Selected.Workload w ->
          f -> f.client().key().equals(w.key()) || f.server().key().equals(w.key());
      case Selected.Pod p -> f -> p.is(f.client()) || p.is(f.server());
      case Selected.Service s -> behind(s, objects);
      case Selected.Namespace n ->
          f -> f.client().namespace().equals(n.name()) || f.server().namespace().equals(n.name());
      case Selected.Connection c ->
          f -> f.client().key().equals(c.clientKey()) && f.server().key().equals(c.serverKey());
      case Selected.Flow one -> f -> true;
      case Selected.Flows picked -> f -> true;
      case Selected.Node n -> f -> f.node().equals(n.name());
    };
  }

  /** Connections to the service's own addresses, and to pods behind it. */
  private static Predicate<FlowRecord> behind(Selected.Service selected, KubernetesObjects told) {
    Optional<Service> service = told.service(selected.namespace(), selected.name());
    Set<String> addresses = service.map(s -> Set.copyOf(s.addresses())).orElse(Set.of());
    Set<String> pods =
        service.stream()
            .flatMap(s -> told.behind(s).stream())
            .map(p -> p.namespace() + "/" + p.name())
            .collect(Collectors.toSet());
    return f ->
        addresses.contains(f.server().address())
            || pods.contains(f.server().namespace() + "/" + f.server().pod());
  }

  /** Empty where the selection does not narrow. */
  static String words(Selected selected) {
    return switch (selected) {
      case Selected.Nothing n -> "";
      case Selected.Flow f -> "";
      case Selected.Flows f -> f.title();
      case Selected.Workload w -> name(w.key());
      case Selected.Pod p -> p.name();
      case Selected.Service s -> s.name();
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
