package io.sekisho.policy.reach;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
}
