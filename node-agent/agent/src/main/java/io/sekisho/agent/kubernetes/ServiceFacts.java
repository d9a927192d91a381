package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import io.sekisho.policy.ServiceCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is used of a service; the rest of the object is let go.
 *
 * @param labels the service's own
 * @param selector labels of its pods; empty if whoever made it writes its slices
 * @param addresses its cluster addresses, and what {@link #with} added
 */
record ServiceFacts(
    String namespace,
    String name,
    Map<String, String> labels,
    Map<String, String> selector,
    List<Cidr> addresses) {
  private static final System.Logger LOG = System.getLogger(ServiceFacts.class.getName());

  /** Keeps an immutable copy. */
  ServiceFacts {
    addresses = List.copyOf(addresses);
  }

  static ServiceFacts of(GenericKubernetesResource service) {
    var meta = service.getMetadata();
    Map<?, ?> spec = Fields.map(service, "spec");
    List<?> several = Fields.list(spec, "clusterIPs");
    return new ServiceFacts(
        meta.getNamespace(),
        meta.getName(),
        Fields.copy(meta.getLabels()),
        Fields.texts(Fields.map(spec, "selector")),
        addresses(several.isEmpty() ? List.of(Fields.text(spec, "clusterIP")) : several));
  }

  /** Those texts that are addresses: {@code None} and host names are none. */
  static List<Cidr> addresses(List<?> texts) {
    var out = new ArrayList<Cidr>();
    for (Object text : texts) {
      try {
        out.add(Cidr.parse(String.valueOf(text)));
      } catch (IllegalArgumentException e) {
        LOG.log(System.Logger.Level.TRACE, "{0} is no address", text);
      }
    }
    return out;
  }

  /** The same service with addresses of its slices, which count if it selects no pods. */
  ServiceFacts with(List<Cidr> outside) {
    if (!selector.isEmpty() || outside.isEmpty()) {
      return this;
    }
    List<Cidr> all =
        Stream.concat(addresses.stream(), outside.stream()).distinct().sorted().toList();
    return new ServiceFacts(namespace, name, labels, selector, all);
  }

  /**
   * As rules may speak of it. Its cluster addresses count too: while kube-proxy turns them into
   * backends it does so behind our programs, which see what the pod asked for.
   */
  ServiceCatalog.Service service() {
    return new ServiceCatalog.Service(namespace, name, k8s(labels), pods(), addresses);
  }

  private static Labels k8s(Map<String, String> labels) {
    return Labels.of(
        labels.entrySet().stream().map(e -> "k8s:" + e.getKey() + "=" + e.getValue()).toList());
  }

  private Optional<Selector> pods() {
    if (selector.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Selector.of(
            selector.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> Requirement.is("k8s:" + e.getKey(), e.getValue()))
                .toList()));
  }
}
