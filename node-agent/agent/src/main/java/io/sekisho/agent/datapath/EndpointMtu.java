package io.sekisho.agent.datapath;

import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.NetworkNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets interface pairs follow the MTU of the underlay, on both ends. A pair whose wiring named an
 * MTU keeps it; the host end's alias says so, and outlives the agent. An adopted pair, whose MTU is
 * its plugin's, only shrinks.
 */
final class EndpointMtu {
  /** Alias of host ends whose MTU is fixed. */
  static final String FIXED = "sekisho: fixed mtu";

  private static final System.Logger LOG = System.getLogger(EndpointMtu.class.getName());

  private final Netlink netlink;
  private final int mtu;

  /** With an own socket in the node's namespace, and the MTU to follow. */
  EndpointMtu(Netlink netlink, int mtu) {
    this.netlink = netlink;
    this.mtu = mtu;
  }

  /** Sets both ends of all pairs that follow; those that really changed, as they are now. */
  List<WiredEndpoint> follow(Map<Integer, WiredEndpoint> wired) {
    Optional<PodNamespaces> namespaces = Optional.empty();
    var changed = new ArrayList<WiredEndpoint>();
    for (WiredEndpoint endpoint : wired.values()) {
      if (endpoint.adopted() && endpoint.mtu() <= mtu) {
        continue;
      }
      Optional<Link> host = netlink.find(Links.named(endpoint.hostInterface()));
      if (host.isEmpty() || host.get().alias().equals(FIXED)) {
        continue;
      }
      boolean differs = endpoint.mtu() != mtu || host.get().mtu() != mtu;
      if (differs) {
        if (namespaces.isEmpty()) {
          namespaces = Optional.of(new PodNamespaces(netlink));
        }
        set(host.get(), namespaces.get());
        changed.add(with(endpoint));
      }
    }
    return changed;
  }

  /** Never lets an end take what the other end would not: the smaller MTU comes first. */
  private void set(Link host, PodNamespaces namespaces) {
    try {
      if (mtu < host.mtu()) {
        setPodEnd(host, namespaces);
      }
      netlink.run(Links.mtu(host.index(), mtu));
      if (mtu >= host.mtu()) {
        setPodEnd(host, namespaces);
      }
    } catch (NetlinkException e) {
      LOG.log(System.Logger.Level.WARNING, "MTU of {0}: {1}", host.name(), e.getMessage());
    }
  }

  private void setPodEnd(Link host, PodNamespaces namespaces) {
    if (host.peerNamespace().isEmpty()) {
      netlink.run(Links.mtu(host.peer(), mtu));
      return;
    }
    var path = namespaces.find(host.peerNamespace().getAsInt());
    if (path.isEmpty()) {
      LOG.log(System.Logger.Level.WARNING, "the pod behind {0} is not found", host.name());
      return;
    }
    try (var pod = NetworkNamespace.open(path.get())) {
      pod.run(
          () -> {
            try (var inside = Netlink.open()) {
              inside.run(Links.mtu(host.peer(), mtu));
            }
          });
    }
  }

  private WiredEndpoint with(WiredEndpoint old) {
    return new WiredEndpoint(
        old.endpointId(),
        old.hostInterface(),
        old.hostIndex(),
        old.podMac(),
        old.hostMac(),
        old.addresses(),
        mtu);
  }
}
