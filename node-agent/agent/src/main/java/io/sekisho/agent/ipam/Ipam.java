package io.sekisho.agent.ipam;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Gives each pod one address of every family that the node has a range of. An address is never
 * given twice at the same time. What is taken outlives the agent in the endpoints' state files: at
 * the start every endpoint reserves its own again. Belongs to the event loop.
 */
public final class Ipam {
  private final List<AddressPool> pools;

  /** All free; one range of each family. */
  public Ipam(Collection<Cidr> ranges) {
    this.pools = ranges.stream().sorted(Ipam::v4First).map(AddressPool::new).toList();
  }

  private static int v4First(Cidr a, Cidr b) {
    return Boolean.compare(b.isV4(), a.isV4());
  }

  /**
   * Takes one free address of each range, IPv4 first.
   *
   * @throws IpamException with EXHAUSTED, naming the range; nothing is taken then
   */
  public List<InetAddress> allocate() {
    var taken = new ArrayList<InetAddress>();
    for (AddressPool pool : pools) {
      pool.allocate().ifPresent(taken::add);
      if (taken.size() <= pools.indexOf(pool)) {
        release(taken);
        throw new IpamException(
            IpamException.Code.EXHAUSTED,
            "all " + pool.size() + " addresses of " + pool.range() + " are in use");
      }
    }
    return List.copyOf(taken);
  }

  /**
   * Takes certain addresses: those of an endpoint that is restored.
   *
   * @throws IpamException with NOT_FREE; nothing is taken then
   */
  public void reserve(Collection<InetAddress> addresses) {
    var taken = new ArrayList<InetAddress>();
    for (InetAddress address : addresses) {
      if (pools.stream().noneMatch(pool -> pool.contains(address) && pool.reserve(address))) {
        release(taken);
        throw new IpamException(
            IpamException.Code.NOT_FREE,
            address.getHostAddress() + " is taken, reserved, or in none of the node's ranges");
      }
      taken.add(address);
    }
  }

  /** Gives addresses back; those that are not taken do not matter. */
  public void release(Collection<InetAddress> addresses) {
    for (InetAddress address : addresses) {
      pools.stream().filter(pool -> pool.contains(address)).forEach(pool -> pool.release(address));
    }
  }
}
