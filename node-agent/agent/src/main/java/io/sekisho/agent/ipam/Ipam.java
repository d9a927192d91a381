package io.sekisho.agent.ipam;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Gives each pod one address of every family that the node has a range of. An address is never
 * given twice at the same time. What is taken outlives the agent in the endpoints' state files: at
 * the start every endpoint reserves its own again. Belongs to the event loop.
 */
public final class Ipam {
  private List<AddressPool> pools = List.of();
  private Optional<String> shortage = Optional.empty();

  /** Taken, but of none of the ranges: other plugins', or of a range that is not known yet. */
  private final Set<InetAddress> foreign = new HashSet<>();

  /** All free; one range of each family. */
  public Ipam(Collection<Cidr> ranges) {
    extend(ranges);
  }

  /** These ranges come on top; one of each family in all. What is taken of them stays taken. */
  public void extend(Collection<Cidr> ranges) {
    pools =
        Stream.concat(pools.stream(), ranges.stream().map(AddressPool::new))
            .sorted((a, b) -> v4First(a.range(), b.range()))
            .toList();
    foreign.removeIf(address -> pools.stream().anyMatch(pool -> pool.reserve(address)));
  }

  private static int v4First(Cidr a, Cidr b) {
    return Boolean.compare(b.isV4(), a.isV4());
  }

  /** A range is missing, and why; nothing is given until none is missing. */
  public void shortage(Optional<String> why) {
    shortage = why;
  }

  /**
   * Takes one free address of each range, IPv4 first.
   *
   * @throws IpamException with EXHAUSTED, naming the range, or NO_RANGE; nothing is taken then
   */
  public List<InetAddress> allocate() {
    if (shortage.isPresent()) {
      throw new IpamException(IpamException.Code.NO_RANGE, shortage.get());
    }
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
   * Takes certain addresses: those of an endpoint that is restored. While a range is missing they
   * may be of none.
   *
   * @throws IpamException with NOT_FREE; nothing is taken then
   */
  public void reserve(Collection<InetAddress> addresses) {
    reserve(addresses, shortage.isPresent());
  }

  /**
   * Takes addresses that another plugin gave.
   *
   * @throws IpamException with NOT_FREE; nothing is taken then
   */
  public void reserveForeign(Collection<InetAddress> addresses) {
    reserve(addresses, true);
  }

  private void reserve(Collection<InetAddress> addresses, boolean foreignToo) {
    var taken = new ArrayList<InetAddress>();
    for (InetAddress address : addresses) {
      boolean own = pools.stream().anyMatch(pool -> pool.contains(address));
      boolean free =
          own
              ? pools.stream().anyMatch(pool -> pool.contains(address) && pool.reserve(address))
              : foreignToo && foreign.add(address);
      if (!free) {
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
      foreign.remove(address);
      pools.stream().filter(pool -> pool.contains(address)).forEach(pool -> pool.release(address));
    }
  }
}
