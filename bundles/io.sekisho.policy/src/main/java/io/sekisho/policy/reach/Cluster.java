package io.sekisho.policy.reach;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is in a cluster.
 *
 * @param identities of pods, and of anything else that is known
 * @param addresses those that an identity's pods (or nodes) have, by its number; without any, no
 *     rule means it by its address
 */
public record Cluster(Collection<Identity> identities, Map<Integer, Set<Cidr>> addresses) {
  /** Keeps immutable copies. */
  public Cluster {
    identities = List.copyOf(identities);
    addresses = Map.copyOf(addresses);
  }

  /** Identities whose addresses are not known. */
  public static Cluster of(Collection<Identity> identities) {
    return new Cluster(identities, Map.of());
  }

  /** Addresses by identity, as an inventory's endpoints and nodes tell them. */
  public static final class Addresses {
    private final Map<Integer, Set<Cidr>> byIdentity = new HashMap<>();

    /** Adds those of somebody; what is no address is left out. */
    public void add(int identity, Collection<String> texts) {
      Set<Cidr> addresses = byIdentity.computeIfAbsent(identity, n -> new HashSet<>());
      texts.forEach(text -> address(text).ifPresent(addresses::add));
    }

    /**
     * Adds those of a node, which are meant by its own host and by the others.
     *
     * @param health those of its health endpoint
     */
    public void addNode(Collection<String> texts, Collection<String> health) {
      add(Identity.HOST.number(), texts);
      add(Identity.REMOTE_NODE.number(), texts);
      add(Identity.HEALTH.number(), health);
    }

    /** The cluster of these identities. */
    public Cluster cluster(Collection<Identity> identities) {
      return new Cluster(identities, byIdentity);
    }
  }

  /** The address of a text; empty if it is none. */
  public static Optional<Cidr> address(String text) {
    try {
      return Optional.of(Cidr.of(InetAddress.ofLiteral(text)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
