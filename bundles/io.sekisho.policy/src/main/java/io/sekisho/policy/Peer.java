package io.sekisho.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may be at the other end: a selector of endpoints or nodes, an entity, services, a prefix, a
 * block of addresses.
 */
public sealed interface Peer {
  /** Whether the identity is meant. */
  boolean matches(Identity identity);

  /** Whether every identity is meant, also those that nobody knows yet. */
  default boolean matchesAll() {
    return false;
  }

  /** Whether every pod is meant, also those that nobody knows yet. */
  default boolean matchesEveryPod() {
    return false;
  }

  /** Whether a pod may be meant, be it one that nobody knows yet. */
  default boolean mayMatchPods() {
    return false;
  }

  /** Every prefix that is spoken of, exceptions included. */
  default Stream<Cidr> cidrs() {
    return Stream.empty();
  }

  /**
   * Whether whoever has the addresses is meant because of them, be it a pod or a node.
   *
   * @param addresses one address, or a prefix that is not cut by those that are spoken of
   */
  default boolean covers(Cidr addresses) {
    return false;
  }

  /** The same peer, if it is a selector narrowed by conditions. */
  default Peer narrowed(List<Selector> conditions) {
    return this;
  }

  /** Why the identity is not meant, as part of a sentence; empty if it is. */
  Optional<String> miss(Identity identity);

  /** The same about somebody whose address may be known, and may mean him too. */
  default Optional<String> miss(Identity identity, Optional<Cidr> address) {
    return miss(identity);
  }

  /** Endpoints whose labels match. */
  record Endpoints(Selector selector) implements Peer {
    @Override
    public boolean matches(Identity identity) {
      return selector.matches(identity.labels());
    }

    @Override
    public boolean matchesEveryPod() {
      return selector.requirements().stream().allMatch(Requirement::holdsForEveryPod);
    }

    @Override
    public boolean mayMatchPods() {
      return true;
    }

    @Override
    public Optional<String> miss(Identity identity) {
      return selector.miss(identity.labels());
    }

    @Override
    public Stream<Cidr> cidrs() {
      return selector.cidrs();
    }

    @Override
    public Peer narrowed(List<Selector> conditions) {
      return new Endpoints(selector.and(conditions));
    }

    @Override
    public String toString() {
      return "endpoints(" + selector + ")";
    }
  }

  /** Nodes whose labels match, the own one among them. */
  record Nodes(Selector selector) implements Peer {
    @Override
    public boolean matches(Identity identity) {
      return NodeLabels.isNode(identity.labels()) && selector.matches(identity.labels());
    }

    @Override
    public Optional<String> miss(Identity identity) {
      return NodeLabels.isNode(identity.labels())
          ? selector.miss(identity.labels())
          : Optional.of("it is no node");
    }

    @Override
    public String toString() {
      return "nodes(" + selector + ")";
    }
  }

  /** A group that has a name of its own. */
  record Group(Entity entity) implements Peer {
    @Override
    public boolean matches(Identity identity) {
      return entity.matches(identity.labels());
    }

    @Override
    public boolean matchesAll() {
      return entity == Entity.ALL;
    }

    @Override
    public boolean matchesEveryPod() {
      return entity == Entity.ALL || entity == Entity.CLUSTER;
    }

    @Override
    public boolean mayMatchPods() {
      return matchesEveryPod();
    }

    @Override
    public Stream<Cidr> cidrs() {
      return entity.cidr().stream();
    }

    @Override
    public Optional<String> miss(Identity identity) {
      return matches(identity)
          ? Optional.empty()
          : Optional.of("it does not belong to the entity " + entity.text());
    }

    @Override
    public String toString() {
      return "entity(" + entity.text() + ")";
    }
  }

  /**
   * What is behind services.
   *
   * @param wanted which services
   * @param backends what is behind them now; nothing before a {@link ServiceCatalog} was asked
   */
  record Services(ServiceReference wanted, List<Peer> backends) implements Peer {
    /** Keeps an immutable copy. */
    public Services {
      backends = List.copyOf(backends);
    }

    @Override
    public boolean matches(Identity identity) {
      return backends.stream().anyMatch(b -> b.matches(identity));
    }

    @Override
    public boolean mayMatchPods() {
      return true;
    }

    @Override
    public Stream<Cidr> cidrs() {
      return backends.stream().flatMap(Peer::cidrs);
    }

    @Override
    public Optional<String> miss(Identity identity) {
      if (matches(identity)) {
        return Optional.empty();
      }
      return Optional.of(
          backends.isEmpty()
              ? "nothing is known to be behind the service " + wanted
              : "it is not behind the service " + wanted);
    }

    /** Names the service alone, so that a rule's number stays when backends change. */
    @Override
    public String toString() {
      return "services(" + wanted + ")";
    }
  }

  /**
   * Addresses outside of the cluster: those of the prefix without those of the exceptions. Matches
   * the identities of CIDRs only, never pods or nodes, as Cilium does.
   */
  record Prefix(Cidr cidr, List<Cidr> except) implements Peer {
    /** Keeps an immutable copy. */
    public Prefix {
      except = except.stream().sorted().distinct().toList();
    }

    @Override
    public boolean matches(Identity identity) {
      return CidrLabels.cidr(identity.labels()).filter(this::contains).isPresent();
    }

    @Override
    public Stream<Cidr> cidrs() {
      return Stream.concat(Stream.of(cidr), except.stream());
    }

    private boolean contains(Cidr other) {
      return other.inside(cidr) && except.stream().noneMatch(other::inside);
    }

    @Override
    public Optional<String> miss(Identity identity) {
      Optional<Cidr> other = CidrLabels.cidr(identity.labels());
      if (other.isEmpty()) {
        return Optional.of(
            cidr
                + " speaks of addresses outside of the cluster only, and of those that a CIDR"
                + " names");
      }
      return missing(other.get());
    }

    private Optional<String> missing(Cidr other) {
      if (!other.inside(cidr)) {
        return Optional.of(other + " is not inside " + cidr);
      }
      return except.stream()
          .filter(other::inside)
          .findFirst()
          .map(e -> other + " is inside the exception " + e);
    }

    @Override
    public String toString() {
      return "cidr(" + cidr + (except.isEmpty() ? "" : " except " + except) + ")";
    }
  }

  /**
   * The addresses of the prefix without those of the exceptions, whoever has them: outside of the
   * cluster, as a {@link Prefix}, and pods and nodes where no rule speaks of them by their labels.
   * It means nobody by an identity but that of a CIDR: see {@link #covers}.
   */
  record Block(Cidr cidr, List<Cidr> except) implements Peer {
    /** Keeps an immutable copy. */
    public Block {
      except = prefix(cidr, except).except();
    }

    private static Prefix prefix(Cidr cidr, List<Cidr> except) {
      return new Prefix(cidr, except);
    }

    private Prefix prefix() {
      return prefix(cidr, except);
    }

    @Override
    public boolean matches(Identity identity) {
      return prefix().matches(identity);
    }

    @Override
    public Stream<Cidr> cidrs() {
      return prefix().cidrs();
    }

    @Override
    public boolean covers(Cidr addresses) {
      return prefix().contains(addresses);
    }

    /** What a condition asks of labels, an address alone does not show: no pods then. */
    @Override
    public Peer narrowed(List<Selector> conditions) {
      return conditions.isEmpty() ? this : prefix();
    }

    @Override
    public Optional<String> miss(Identity identity) {
      return miss(identity, Optional.empty());
    }

    @Override
    public Optional<String> miss(Identity identity, Optional<Cidr> address) {
      Optional<Cidr> at = address.or(() -> CidrLabels.cidr(identity.labels()));
      return at.isEmpty()
          ? Optional.of("its address, by which " + cidr + " may mean it, is not known")
          : prefix().missing(at.get());
    }

    /** As that of a prefix, so that rules keep their numbers. */
    @Override
    public String toString() {
      return prefix().toString();
    }
  }
}
