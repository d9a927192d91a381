package io.sekisho.agent.reconcile;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.identity.NodeAddresses;
import io.sekisho.agent.ipcache.Site;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whom deny lists spare: where nodes are and were, and the ranges of the configuration; the same
 * set while nothing changes. Belongs to the event loop.
 */
final class Spared {
  private final List<Cidr> ranges;
  private final NodeAddresses addresses;
  private Inventory lastInventory = Inventory.EMPTY;
  private List<InetAddress> lastUnderlay = List.of();
  private Set<Cidr> present = Set.of();
  private Set<Cidr> lastKnown = Set.of();
  private Set<Cidr> last;

  /** Nobody is known yet. */
  Spared(List<Cidr> ranges, NodeAddresses addresses) {
    this.ranges = List.copyOf(ranges);
    this.addresses = addresses;
    this.last = Set.copyOf(ranges);
  }

  /** Those as seen from a node. */
  @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
  Set<Cidr> of(Site site, Inventory inventory) {
    if (inventory != lastInventory || !site.underlay().equals(lastUnderlay)) {
      lastInventory = inventory;
      lastUnderlay = site.underlay();
      present = Desired.nodeAddresses(site, inventory);
    }
    Set<Cidr> known = addresses.with(present);
    if (known != lastKnown) {
      lastKnown = known;
      last = Stream.concat(ranges.stream(), known.stream()).collect(Collectors.toUnmodifiableSet());
    }
    return last;
  }
}
