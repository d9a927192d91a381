package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DesiredState.RemoteNode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * What the ways to nodes that are met over IPv6 carry, where that is less than the underlay's
 * device: nobody on the way cuts an outer IPv6 packet. The kernel is told by routers (packet too
 * big), of the tunnels' packets and of the long pings that are sent here, and forgets it after some
 * minutes; a way counts as wide again when long pings went out and nobody complained. Belongs to
 * the thread of the datapath.
 */
final class PathMtus {
  /** So many nodes are pinged in one look, one after the other. */
  static final int PINGS = 16;

  /** So many long pings in a row go through unblamed before a way is wide again. */
  static final int UNBLAMED = 3;

  private final PathKernel kernel;
  private final Map<InetAddress, Way> narrow = new HashMap<>();
  private List<InetAddress> ends = List.of();
  private List<InetAddress> pinged = List.of();
  private int turn;

  PathMtus(PathKernel kernel) {
    this.kernel = kernel;
  }

  /** A way that carries less, and how many pings it has carried since. */
  private record Way(int mtu, int unblamed) {}

  /** What the kernel knows and sends. */
  interface PathKernel {
    /**
     * Bytes that a packet to the address may have by what it was told; 0: nothing; empty: no way.
     */
    OptionalInt mtuTo(InetAddress address);

    /** Sends pings that fill packets of a length, bytes; an answer is not waited for. */
    void ping(Collection<InetAddress> addresses, int length);
  }

  /**
   * The address by which a node is met, if that is an IPv6 one.
   *
   * @param own underlay addresses of this node
   */
  static Optional<InetAddress> ipv6End(Collection<InetAddress> own, RemoteNode node) {
    Predicate<InetAddress> ipv4 = PodInterface::isIpv4;
    boolean byIpv4 = own.stream().anyMatch(ipv4) && node.addresses().stream().anyMatch(ipv4);
    return byIpv4 || own.stream().allMatch(ipv4)
        ? Optional.empty()
        : node.addresses().stream().filter(ipv4.negate()).findFirst();
  }

  /** These are the ends now. */
  void meet(List<InetAddress> now) {
    if (!now.equals(ends)) {
      ends = List.copyOf(now);
      narrow.keySet().retainAll(ends);
      pinged = List.of();
      read();
    }
  }

  /**
   * Looks what the kernel was told, and pings on.
   *
   * @param linkMtu of the underlay's device, bytes
   * @return whether a way is another one
   */
  boolean look(int linkMtu) {
    Map<InetAddress, Integer> before = mtus();
    read();
    pinged = next();
    if (!pinged.isEmpty()) {
      kernel.ping(pinged, linkMtu);
    }
    return !mtus().equals(before);
  }

  /**
   * Looks what the kernel was told, between two looks: no way becomes wide by it.
   *
   * @return whether a way is another one
   */
  boolean hear() {
    Map<InetAddress, Integer> before = mtus();
    for (InetAddress end : ends) {
      OptionalInt told = kernel.mtuTo(end);
      if (told.orElse(0) > 0) {
        narrow.put(end, new Way(told.getAsInt(), 0));
      }
    }
    return !mtus().equals(before);
  }

  private List<InetAddress> next() {
    var next = new ArrayList<InetAddress>();
    for (int i = 0; i < Math.min(PINGS, ends.size()); i++) {
      next.add(ends.get(turn++ % ends.size()));
    }
    return next;
  }

  private void read() {
    for (InetAddress end : ends) {
      OptionalInt told = kernel.mtuTo(end);
      Way known = narrow.get(end);
      if (told.isEmpty()) {
        continue;
      }
      if (told.getAsInt() > 0) {
        narrow.put(end, new Way(told.getAsInt(), 0));
      } else if (known != null && pinged.contains(end)) {
        int unblamed = known.unblamed() + 1;
        narrow.put(end, new Way(known.mtu(), unblamed));
        if (unblamed >= UNBLAMED) {
          narrow.remove(end);
        }
      }
    }
  }

  /** Bytes that the narrow ways carry, outer headers and all, by the node's address. */
  Map<InetAddress, Integer> mtus() {
    var mtus = new HashMap<InetAddress, Integer>();
    narrow.forEach((end, way) -> mtus.put(end, way.mtu()));
    return Map.copyOf(mtus);
  }
}
