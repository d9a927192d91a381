package io.sekisho.agent.datapath;

import io.sekisho.netlink.EchoMessage;
import io.sekisho.netlink.IcmpSocket;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/** The ways to other nodes, as this network namespace's kernel knows them. */
final class KernelPaths implements PathMtus.PathKernel {
  private static final System.Logger LOG = System.getLogger(KernelPaths.class.getName());

  /** Nobody waits for an answer, so none is told from another. */
  private static final EchoMessage PING = new EchoMessage(0, 0, 0);

  private final Netlink netlink;

  KernelPaths(Netlink netlink) {
    this.netlink = netlink;
  }

  @Override
  public OptionalInt mtuTo(InetAddress address) {
    try {
      Optional<Route> way = netlink.find(Routes.to(address));
      return way.isPresent() ? OptionalInt.of(way.get().mtu()) : OptionalInt.empty();
    } catch (NetlinkException e) {
      LOG.log(System.Logger.Level.DEBUG, "no way to {0}: {1}", address, e.getMessage());
      return OptionalInt.empty();
    }
  }

  @Override
  public void ping(Collection<InetAddress> addresses, int length) {
    try (var socket = IcmpSocket.open(false)) {
      for (InetAddress address : addresses) {
        ping(socket, address, length);
      }
    } catch (NetlinkException e) {
      LOG.log(System.Logger.Level.DEBUG, "no long pings: {0}", e.getMessage());
    }
  }

  private static void ping(IcmpSocket socket, InetAddress address, int length) {
    try {
      socket.send(address, PING, length);
    } catch (NetlinkException e) {
      LOG.log(System.Logger.Level.DEBUG, "no long ping to {0}: {1}", address, e.getMessage());
    }
  }
}
