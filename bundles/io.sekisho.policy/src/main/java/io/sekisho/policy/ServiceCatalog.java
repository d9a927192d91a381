package io.sekisho.policy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The services of a cluster, by which rules about services come to mean their backends. */
public final class ServiceCatalog {
  /** Knows no service. */
  public static final ServiceCatalog EMPTY = new ServiceCatalog(List.of());

  private final List<Service> services;

  /** A catalogue of these services. */
  public ServiceCatalog(Collection<Service> services) {
    this.services = List.copyOf(services);
  }

  /**
   * A service.
   *
   * @param namespace its namespace
   * @param name its name
   * @param labels its own labels, of Kubernetes
   * @param pods which pods of its namespace are behind it; empty if it selects none
   * @param addresses what else is behind it: addresses outside of the cluster
   */
  public record Service(
      String namespace, String name, Labels labels, Optional<Selector> pods, List<Cidr> addresses) {
    /** Keeps an immutable copy. */
    public Service {
      addresses = List.copyOf(addresses);
    }

    private Stream<Peer> backends() {
      Requirement here = Requirement.is("k8s:" + Labels.NAMESPACE, namespace);
      return Stream.concat(
          pods.stream().map(p -> new Peer.Endpoints(p.and(List.of(Selector.of(List.of(here)))))),
          addresses.stream().map(a -> new Peer.Prefix(a, List.of())));
    }
  }

  /** Whether the other knows the same services. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceCatalog catalog && services.equals(catalog.services);
  }

  @Override
  public int hashCode() {
    return services.hashCode();
  }

  /** What it knows. */
  @Override
  public String toString() {
    return services.toString();
  }

  /** The documents with their rules about services meaning the backends of now. */
  public List<PolicyDocument> resolve(List<PolicyDocument> documents) {
    return documents.stream().map(this::resolve).toList();
  }

  private PolicyDocument resolve(PolicyDocument document) {
    if (document.rules().flatMap(r -> r.peers().stream()).noneMatch(ServiceCatalog::isService)) {
      return document;
    }
    return new PolicyDocument(
        document.kind(),
        document.namespace(),
        document.name(),
        document.yaml(),
        document.specs().stream().map(this::resolve).toList(),
        document.expectations(),
        document.prefixes());
  }

  private PolicySpec resolve(PolicySpec spec) {
    return new PolicySpec(
        spec.subject(),
        spec.standing(),
        spec.isolated(),
        spec.sections(),
        spec.rules().stream().map(this::resolve).toList(),
        spec.requires(),
        spec.description(),
        spec.line());
  }

  private Rule resolve(Rule rule) {
    return new Rule(
        rule.reference(),
        rule.standing(),
        rule.action(),
        rule.peers().stream().map(this::resolve).toList(),
        rule.ports(),
        rule.named());
  }

  private Peer resolve(Peer peer) {
    return peer instanceof Peer.Services s ? new Peer.Services(s.wanted(), find(s.wanted())) : peer;
  }

  private static boolean isService(Peer peer) {
    return peer instanceof Peer.Services;
  }

  private List<Peer> find(ServiceReference wanted) {
    return services.stream().filter(wanted::matches).flatMap(Service::backends).distinct().toList();
  }
}
