package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.UplinkPlan.Remark;
import io.sekisho.netlink.DefaultRoute;
import io.sekisho.netlink.Link;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A device by which pods' packets may leave the cluster, as it is now.
 *
 * @param device its name
 * @param ipv4 what takes the place of pods' IPv4 addresses there; empty: none
 * @param ipv6 the same of IPv6
 * @param defaultIpv4 whether the best IPv4 default route leaves by it
 * @param defaultIpv6 the same of IPv6
 * @param mtu bytes; 0 where unknown
 * @param problem why pods' packets do not leave by it as they should, a sentence; empty: they do
 */
public record UplinkState(
    String device,
    Optional<InetAddress> ipv4,
    Optional<InetAddress> ipv6,
    boolean defaultIpv4,
    boolean defaultIpv6,
    int mtu,
    String problem) {

  /**
   * All devices that are masqueraded on beside the underlay, those that something is wrong with,
   * and the underlay itself if a default route leaves by it; in the order of names.
   *
   * @param underlay index of its device
   * @param own what takes the place of pods' addresses on the underlay
   */
  static List<UplinkState> of(
      Collection<Uplink> uplinks,
      List<Remark> remarks,
      List<DefaultRoute> defaults,
      List<Link> links,
      int underlay,
      Uplink.Source own) {
    Set<Integer> ipv4 = UplinkPlan.exits(defaults, true);
    Set<Integer> ipv6 = UplinkPlan.exits(defaults, false);
    var out = new ArrayList<UplinkState>();
    var named = new HashSet<String>();
    for (Link link : links) {
      int index = link.index();
      Optional<Uplink> uplink = uplinks.stream().filter(u -> u.index() == index).findFirst();
      Optional<Remark> remark =
          remarks.stream().filter(r -> r.device().equals(link.name())).findFirst();
      boolean exit = index == underlay && (ipv4.contains(index) || ipv6.contains(index));
      if (uplink.isEmpty() && remark.isEmpty() && !exit) {
        continue;
      }
      Uplink.Source source =
          index == underlay ? own : uplink.map(Uplink::source).orElse(Uplink.Source.NONE);
      named.add(link.name());
      out.add(
          new UplinkState(
              link.name(),
              source.ipv4(),
              source.ipv6(),
              ipv4.contains(index),
              ipv6.contains(index),
              link.mtu(),
              remark.map(Remark::sentence).orElse("")));
    }
    for (Remark remark : remarks) {
      if (named.add(remark.device())) {
        out.add(absent(remark));
      }
    }
    out.sort((a, b) -> a.device().compareTo(b.device()));
    return List.copyOf(out);
  }

  /** Of a device that is named and not there. */
  private static UplinkState absent(Remark remark) {
    return new UplinkState(
        remark.device(), Optional.empty(), Optional.empty(), false, false, 0, remark.sentence());
  }
}
