package io.sekisho.policy.parse;

import io.sekisho.policy.Peer;
import io.sekisho.policy.Selector;
import io.sekisho.policy.ServiceReference;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Items of Cilium's {@code toServices} to peers. */
final class ServiceReader {
  private static final Set<String> FIELDS = Set.of("k8sService", "k8sServiceSelector");
  private static final Set<String> NAME_FIELDS = Set.of("serviceName", "namespace");
  private static final Set<String> SELECTOR_FIELDS = Set.of("selector", "namespace");

  private final SelectorReader selectors;
  private final Findings findings;

  ServiceReader(SelectorReader selectors, Findings findings) {
    this.selectors = selectors;
    this.findings = findings;
  }

  /** The peer; empty, with findings, if the item names no service. */
  Optional<Peer> read(Node node, String what) {
    Optional<Fields> item = Fields.of(node, what, FIELDS, Set.of(), findings);
    if (item.isPresent() && item.get().has("k8sService") == item.get().has("k8sServiceSelector")) {
      findings.error(node, what + " has one of k8sService, k8sServiceSelector");
      return Optional.empty();
    }
    return item.flatMap(
            f ->
                f.has("k8sService")
                    ? map(f, "k8sService", NAME_FIELDS).flatMap(this::byName)
                    : map(f, "k8sServiceSelector", SELECTOR_FIELDS).flatMap(this::byLabels))
        .map(r -> new Peer.Services(r, List.of()));
  }

  private Optional<Fields> map(Fields fields, String name, Set<String> known) {
    return fields
        .value(name)
        .flatMap(n -> Fields.of(n, "'" + name + "'", known, Set.of(), findings));
  }

  private Optional<ServiceReference> byName(Fields fields) {
    return fields
        .requiredText("serviceName", "'k8sService'")
        .map(name -> new ServiceReference(namespace(fields), name, Optional.empty()));
  }

  private Optional<ServiceReference> byLabels(Fields fields) {
    if (!fields.has("selector")) {
      findings.error(fields.node(), "'k8sServiceSelector' has no 'selector'");
    }
    return fields
        .value("selector")
        .map(selectors::labels)
        .map(l -> new ServiceReference(namespace(fields), "", Optional.of(Selector.of(l))));
  }

  private static String namespace(Fields fields) {
    return fields.text("namespace").orElse("");
  }
}
