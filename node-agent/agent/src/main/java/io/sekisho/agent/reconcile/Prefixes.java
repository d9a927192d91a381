package io.sekisho.agent.reconcile;

import io.sekisho.agent.identity.ApiServers;
import io.sekisho.agent.identity.CidrIdentities;
import io.sekisho.policy.BlockLabels;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Identities of the prefixes that documents name, and of the API servers; the same map while
 * nothing changes. Belongs to the event loop.
 */
final class Prefixes {
  private final ApiServers servers;
  private final CidrIdentities identities;
  private Map<Cidr, Identity> lastNamed = Map.of();
  private Map<Cidr, Identity> last;
  private Map<Cidr, Identity> lastBlocks = Map.of();

  /** None is named yet. */
  Prefixes(ApiServers servers, CidrIdentities identities) {
    this.servers = servers;
    this.identities = identities;
    this.last = servers.mark(lastNamed);
  }

  /** Those of the prefixes that documents name. */
  @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
  Map<Cidr, Identity> of(Set<Cidr> documents) {
    Map<Cidr, Identity> named = identities.assign(servers.named(documents));
    if (named != lastNamed) {
      lastNamed = named;
      last = servers.mark(named);
    }
    return last;
  }

  /**
   * What stands for prefixes of blocks; all of them are named.
   *
   * @param named what {@link #of} said
   */
  Map<Cidr, Identity> blocks(Map<Cidr, Identity> named, Set<Cidr> blocks) {
    var out = new HashMap<Cidr, Identity>();
    for (Cidr block : blocks) {
      Optional.ofNullable(named.get(block))
          .ifPresent(i -> out.put(block, BlockLabels.identity(i.number(), block)));
    }
    lastBlocks = out.equals(lastBlocks) ? lastBlocks : Map.copyOf(out);
    return lastBlocks;
  }
}
