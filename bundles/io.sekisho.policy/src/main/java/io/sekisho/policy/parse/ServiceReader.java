package io.sekisho.policy.parse;

import io.sekisho.policy.Peer;
import io.sekisho.policy.Selector;
import io.sekisho.policy.ServiceReference;
import io.sekisho.policy.grammar.CiliumGrammar;
import io.sekisho.policy.grammar.MapShape;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Items of Cilium's {@code toServices} to peers. */
final class ServiceReader {
  private final SelectorReader selectors;
  private final Findings findings;

  ServiceReader(SelectorReader selectors, Findings findings) {
    this.selectors = selectors;
    this.findings = findings;
  }

  /** The peer; empty, with findings, if the item names no service. */
  Optional<Peer> read(Node node, String what) {
    Optional<Fields> item = Fields.of(node, what, CiliumGrammar.SERVICE, findings);
    if (item.isPresent() && item.get().has("k8sService") == item.get().has("k8sServiceSelector")) {
      findings.error(node, what + " has one of k8sService, k8sServiceSelector");
      return Optional.empty();
    }
    return item.flatMap(
            f ->
                f.has("k8sService")
                    ? map(f, "k8sService", CiliumGrammar.SERVICE_BY_NAME).flatMap(this::byName)
                    : map(f, "k8sServiceSelector", CiliumGrammar.SERVICE_BY_LABELS)
                        .flatMap(this::byLabels))
        .map(r -> new Peer.Services(r, List.of()));
  }

  private Optional<Fields> map(Fields fields, String name, MapShape shape) {
    return fields.value(name).flatMap(n -> Fields.of(n, "'" + name + "'", shape, findings));
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
