package io.sekisho.policy.check;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.util.List;

/**
 * What is known of a cluster.
 *
 * @param endpoints identities of its endpoints
 * @param podCidrs ranges of their addresses
 */
public record Surroundings(List<Identity> endpoints, List<Cidr> podCidrs) {
  /** Keeps immutable copies. */
  public Surroundings {
    endpoints = List.copyOf(endpoints);
    podCidrs = List.copyOf(podCidrs);
  }
}
