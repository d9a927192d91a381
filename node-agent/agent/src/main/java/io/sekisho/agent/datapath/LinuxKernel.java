package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Neighbours;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.netlink.Routes;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The kernel of this machine, seen from the agent's network namespace. */
public final class LinuxKernel implements NodeKernel {
  @Override
  public List<NodeFeature> features() {
    return NodeFeatures.probe();
  }

  @Override
  public Pinger pinger() {
    return Failures.translated(Code.WIRING_FAILED, "ping", RawPinger::open);
  }

  @Override
  public Pinger pinger(Path networkNamespace) {
    return Failures.translated(
        Code.WIRING_FAILED,
        "ping",
        () -> {
          try (var namespace = NetworkNamespace.open(networkNamespace)) {
            return namespace.call(RawPinger::open);
          }
        });
  }

  @Override
  public Path keepNamespace(String name) {
    Path file = NetworkNamespace.FOLDER.resolve(name);
    return Failures.translated(
        Code.WIRING_FAILED,
        "network namespace " + name,
        () -> {
          if (Files.exists(file) && !isNamespace(file)) {
            // The file is left of a namespace that ended, for example with the machine.
            NetworkNamespace.delete(name);
          }
          if (!Files.exists(file)) {
            NetworkNamespace.create(name).close();
          }
          return file;
        });
  }

  private static boolean isNamespace(Path file) {
    try (var namespace = NetworkNamespace.open(file)) {
      return namespace.call(() -> true);
    } catch (NetlinkException e) {
      return false;
    }
  }

  @Override
  public Optional<String> unresolved(InetAddress address) {
    return Failures.translated(
        Code.WIRING_FAILED,
        "look for " + address.getHostAddress(),
        () -> {
          try (var netlink = Netlink.open()) {
            return netlink.list(Neighbours.all()).stream()
                .filter(known -> known.address().equals(address) && known.mac().isEmpty())
                .findFirst()
                .flatMap(known -> name(netlink, known.index()));
          }
        });
  }

  @Override
  public Optional<String> exit(String device, InetAddress from, InetAddress to) {
    try (var netlink = Netlink.open()) {
      return netlink
          .find(Links.named(device))
          .flatMap(in -> netlink.find(Routes.forwarded(in.index(), from, to)))
          .flatMap(route -> name(netlink, route.index()));
    } catch (NetlinkException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> name(Netlink netlink, int index) {
    return netlink.list(Links.all()).stream()
        .filter(link -> link.index() == index)
        .map(Link::name)
        .findFirst();
  }

  @Override
  public void deleteNamespace(String name) {
    Failures.translated(
        Code.WIRING_FAILED, "network namespace " + name, () -> NetworkNamespace.delete(name));
  }
}
