package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.NodeFeature.Presence;
import io.sekisho.libbpf.KernelFeatures;
import io.sekisho.libbpf.system.SystemCalls;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.MacAddress;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.netlink.Request;
import io.sekisho.netlink.TunnelDevices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tries everything that the dataplane needs or wants. Devices are made in a network namespace that
 * belongs to one thread and ends with it, so nothing is left and nobody sees them.
 */
public final class NodeFeatures {
  private static final String NAMESPACES = "NETWORK_NAMESPACES";

  private NodeFeatures() {}

  /** Tries all, with needed ones first; takes about a tenth of a second. */
  public static List<NodeFeature> probe() {
    var all = new ArrayList<NodeFeature>();
    KernelFeatures.probeAll()
        .forEach(
            (feature, presence) ->
                all.add(
                    new NodeFeature(
                        feature.name(),
                        Presence.valueOf(presence.name()),
                        feature.purpose(),
                        feature.since(),
                        feature.fallback())));
    all.addAll(devices());
    all.sort((a, b) -> Boolean.compare(b.needed(), a.needed()));
    return List.copyOf(all);
  }

  private static List<NodeFeature> devices() {
    var found = new ArrayList<NodeFeature>();
    var thread = Thread.ofPlatform().name("feature-trial").start(() -> found.addAll(trials()));
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found;
  }

  private static List<NodeFeature> trials() {
    int entered = SystemCalls.unshare(SystemCalls.CLONE_NEWNET);
    Presence namespaces = entered == 0 ? Presence.PRESENT : Presence.UNKNOWN;
    return List.of(
        new NodeFeature(
            NAMESPACES,
            namespaces,
            "gives pods, and the health endpoint, a network of their own",
            "3.0 with CONFIG_NET_NS",
            Optional.empty()),
        device(
            entered,
            "VETH",
            "connects a pod with its node",
            "2.6.24",
            Optional.empty(),
            NodeFeatures::veth),
        device(
            entered,
            "VXLAN",
            "carries packets to other nodes with routing.mode vxlan",
            "4.3 with CONFIG_VXLAN",
            Optional.of("routing.mode geneve or native must be chosen"),
            netlink -> make(netlink, TunnelDevices.vxlan("trial"))),
        device(
            entered,
            "GENEVE",
            "carries packets to other nodes with routing.mode geneve",
            "4.3 with CONFIG_GENEVE",
            Optional.of("routing.mode vxlan or native must be chosen"),
            netlink -> make(netlink, TunnelDevices.geneve("trial"))));
  }

  private static NodeFeature device(
      int entered,
      String name,
      String purpose,
      String since,
      Optional<String> fallback,
      Consumer<Netlink> trial) {
    Presence presence = entered == 0 ? attempt(trial) : Presence.UNKNOWN;
    return new NodeFeature(name, presence, purpose, since, fallback);
  }

  private static Presence attempt(Consumer<Netlink> trial) {
    try (var netlink = Netlink.open()) {
      trial.accept(netlink);
      return Presence.PRESENT;
    } catch (NetlinkException e) {
      return switch (e.code()) {
        case UNSUPPORTED_FEATURE -> Presence.MISSING;
        case EXISTS, NOT_FOUND, PERMISSION, INVALID, MALFORMED, SYSTEM -> Presence.UNKNOWN;
      };
    }
  }

  private static void make(Netlink netlink, Request device) {
    netlink.run(device);
    netlink.run(Links.delete("trial"));
  }

  private static void veth(Netlink netlink) {
    var near = new Links.End("trial", MacAddress.parse("02:00:00:00:00:01"), 1500);
    var far = new Links.End("far", MacAddress.parse("02:00:00:00:00:02"), 1500);
    try (var here = NetworkNamespace.current()) {
      netlink.run(Links.addVeth(near, far, here.fd()));
    }
    netlink.find(Links.named("trial")).map(Link::index).map(Links::delete).ifPresent(netlink::run);
  }
}
