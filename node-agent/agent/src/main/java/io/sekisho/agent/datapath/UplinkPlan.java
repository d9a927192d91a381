package io.sekisho.agent.datapath;

import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.DefaultRoute;
import io.sekisho.netlink.Link;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * On which devices beside the underlay pods' packets shall be masqueraded, and as what.
 *
 * @param uplinks by their indexes
 * @param remarks what of pods leaves as it should not, or not at all
 */
record UplinkPlan(Map<Integer, Uplink> uplinks, List<Remark> remarks) {
  /** Nothing is masqueraded. */
  static final UplinkPlan NONE = new UplinkPlan(Map.of(), List.of());

  /** As many as {@code uplinks} of bpf/maps holds. */
  static final int MOST = 32;

  /** As many as {@code uplink_addresses} of bpf/maps holds, of all uplinks together. */
  static final int MOST_ADDRESSES = 512;

  /** What follows where nothing is masqueraded. */
  static final String KEPT = "what pods send by it keeps their addresses";

  UplinkPlan {
    uplinks = Map.copyOf(uplinks);
    remarks = List.copyOf(remarks);
  }

  /**
   * What is wrong with a device.
   *
   * @param device its name
   * @param found the rest of a sentence
   * @param effect what follows for pods, a sentence
   */
  record Remark(String device, String found, String effect) {
    String object() {
      return "device " + device;
    }

    /** Without its subject, the device. */
    String sentence() {
      return found + ": " + effect;
    }
  }

  /**
   * What the kernel says.
   *
   * @param underlay index of its device
   * @param own indexes of our other devices: the overlay's, pods' interfaces
   * @param pods the node's pod ranges: a family without pods has nothing to lose; none: any
   * @param defaults default routes
   * @param recent indexes of devices that default routes left by a moment ago: one that comes back
   *     finds them ready
   * @param links all interfaces
   * @param addresses all addresses
   */
  record Seen(
      int underlay,
      Set<Integer> own,
      List<Cidr> pods,
      List<DefaultRoute> defaults,
      Set<Integer> recent,
      List<Link> links,
      List<Addresses.Assigned> addresses) {
    boolean hasPods(boolean ipv4) {
      return pods.isEmpty() || pods.stream().anyMatch(range -> range.isV4() == ipv4);
    }
  }

  /**
   * Decides.
   *
   * @param before what devices had: an address that is still there stays the source
   */
  static UplinkPlan of(Masquerade masquerade, Seen seen, Map<Integer, Uplink.Source> before) {
    return new Making(masquerade, seen, before).plan();
  }

  /** Indexes of the devices that a family's best default routes leave by. */
  static Set<Integer> exits(Collection<DefaultRoute> defaults, boolean ipv4) {
    var family = defaults.stream().filter(route -> route.ipv4() == ipv4).toList();
    int best = family.stream().mapToInt(DefaultRoute::metric).min().orElse(0);
    return family.stream()
        .filter(route -> route.metric() == best)
        .flatMap(route -> route.devices().stream())
        .collect(Collectors.toSet());
  }

  private static final class Making {
    private final Masquerade masquerade;
    private final Seen seen;
    private final Map<Integer, Uplink.Source> before;
    private final Map<Integer, Link> links;
    private final Map<Integer, Uplink> uplinks = new TreeMap<>();
    private final List<Remark> remarks = new ArrayList<>();

    Making(Masquerade masquerade, Seen seen, Map<Integer, Uplink.Source> before) {
      this.masquerade = masquerade;
      this.seen = seen;
      this.before = before;
      links = seen.links().stream().collect(Collectors.toMap(Link::index, link -> link));
    }

    UplinkPlan plan() {
      masquerade.devices().ifPresentOrElse(this::named, this::byRoutes);
      Stream.of(true, false).filter(seen::hasPods).forEach(this::exits);
      return new UplinkPlan(uplinks, remarks);
    }

    private void named(List<String> names) {
      for (String name : names) {
        Optional<Link> link =
            seen.links().stream().filter(each -> each.name().equals(name)).findFirst();
        if (link.isEmpty()) {
          remark(name, "is named in masquerade.devices and not there", "nothing leaves by it");
        }
        link.filter(each -> each.index() != seen.underlay())
            .ifPresent(
                each -> refusal(each).ifPresentOrElse(why -> kept(name, why), () -> add(each)));
      }
    }

    /** What is an uplink already comes first: a device more does not take its place. */
    private void byRoutes() {
      Stream.concat(
              seen.defaults().stream().flatMap(route -> route.devices().stream()),
              seen.recent().stream())
          .distinct()
          .filter(index -> index != seen.underlay())
          .sorted(Comparator.comparing(index -> !before.containsKey(index)))
          .flatMap(index -> Stream.ofNullable(links.get(index)))
          .filter(link -> refusal(link).isEmpty())
          .forEach(this::add);
    }

    /** Why nothing can be masqueraded on a device. */
    private Optional<String> refusal(Link link) {
      if (seen.own().contains(link.index())) {
        return Optional.of("is a device of ours, or a pod's");
      }
      if (!isEthernet(link)) {
        return Optional.of("is no Ethernet device");
      }
      if (uplinks.size() >= MOST) {
        return Optional.of("is one of more than " + MOST);
      }
      int own = addresses(link).size();
      int others = uplinks.values().stream().mapToInt(u -> u.addresses().size()).sum();
      return own + others <= MOST_ADDRESSES
          ? Optional.empty()
          : Optional.of(
              "has %d addresses, and other uplinks %d, of at most %d together"
                  .formatted(own, others, MOST_ADDRESSES));
    }

    private List<InetAddress> addresses(Link link) {
      return seen.addresses().stream()
          .filter(a -> a.index() == link.index() && a.isGlobal() && a.usable())
          .map(Addresses.Assigned::address)
          .toList();
    }

    /** The loopback device has an address, too, of zeros; what asks for none has no neighbours. */
    private static boolean isEthernet(Link link) {
      return link.resolves()
          && link.mac().filter(mac -> !Arrays.equals(mac.bytes(), new byte[6])).isPresent();
    }

    private void add(Link link) {
      List<InetAddress> addresses = addresses(link);
      var source =
          new Uplink.Source(
              source(link.index(), addresses, true), source(link.index(), addresses, false));
      uplinks.put(link.index(), new Uplink(link.index(), link.name(), source, addresses));
    }

    private Optional<InetAddress> source(int index, List<InetAddress> addresses, boolean ipv4) {
      return Optional.ofNullable(before.get(index))
          .flatMap(source -> source.of(ipv4))
          .filter(addresses::contains)
          .or(
              () ->
                  addresses.stream()
                      .filter(address -> PodInterface.isIpv4(address) == ipv4)
                      .findFirst());
    }

    /** What leaves by the best default routes of a family and is not masqueraded. */
    private void exits(boolean ipv4) {
      String family = ipv4 ? "IPv4" : "IPv6";
      for (int index : UplinkPlan.exits(seen.defaults(), ipv4)) {
        Link link = links.get(index);
        if (link == null || index == seen.underlay()) {
          continue;
        }
        Uplink uplink = uplinks.get(index);
        if (uplink == null) {
          String why = refusal(link).orElse("is not named in masquerade.devices");
          kept(link.name(), "%s, though the %s default route leaves by it".formatted(why, family));
        } else if (uplink.source().of(ipv4).isEmpty()) {
          remark(
              link.name(),
              "has no %s address, though the default route leaves by it".formatted(family),
              "what pods send there is dropped (167)");
        }
      }
    }

    private void kept(String device, String found) {
      remark(device, found, KEPT);
    }

    private void remark(String device, String found, String effect) {
      if (remarks.stream().noneMatch(each -> each.device().equals(device))) {
        remarks.add(new Remark(device, found, effect));
      }
    }
  }
}
