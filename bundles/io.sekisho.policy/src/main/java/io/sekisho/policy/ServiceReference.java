package io.sekisho.policy;

import java.util.Optional;

/**
 * Services that a rule speaks of, by name or by labels.
 *
 * @param namespace theirs; empty for any
 * @param name theirs; empty for any
 * @param labels what their labels fulfil
 */
public record ServiceReference(String namespace, String name, Optional<Selector> labels) {
  /** Whether a service is meant. */
  public boolean matches(ServiceCatalog.Service service) {
    return (namespace.isEmpty() || namespace.equals(service.namespace()))
        && (name.isEmpty() || name.equals(service.name()))
        && labels.map(l -> l.matches(service.labels())).orElse(true);
  }

  /** {@code shop/cart}, {@code any namespace/cart}, {@code shop/services with tier=db}. */
  @Override
  public String toString() {
    return (namespace.isEmpty() ? "any namespace" : namespace)
        + "/"
        + labels.map(l -> "services with " + l).orElse(name);
  }
}
