package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.agent.datapath.UplinkPlan.Remark;
import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.Codec;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.DefaultRoute;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.Routes;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Has pods' packets masqueraded on the devices beside the underlay by which they leave, and follows
 * routes, addresses and devices. What stands in the kernel's maps is the state, so a later agent
 * goes on from there. The thread of the datapath calls it, and the monitor's.
 */
final class Uplinks {
  /** Where the kernel has them. */
  static final String MAP = "uplinks";

  /**
   * How long a device stays an uplink when the last default route by it has gone. A route that
   * flaps would else be back before our programs are, and pods' addresses would leave by it.
   */
  static final Duration LINGER = Duration.ofMinutes(1);

  private static final System.Logger LOG = System.getLogger(Uplinks.class.getName());
  private static final int COUNT_KEY = 0;

  private final InstantSource clock;
  private final Optional<Masquerade> masquerade;
  private final int underlay;
  private final Uplink.Source onUnderlay;
  private final Supplier<Set<Integer>> own;
  private final Attachments attachments;
  private final Loader.Loaded loaded;
  private final BpfMap<Integer, Uplink.Source> sources;
  private final BpfMap<Cidr, Integer> addresses;
  private final BpfMap<Integer, Integer> count;
  private final Map<Integer, Uplink> realized = new HashMap<>();
  private List<Cidr> pods = List.of();
  private List<DefaultRoute> defaults = List.of();
  private final Map<Integer, Instant> exits = new HashMap<>();
  private boolean stale = true;
  private boolean exchange;
  private List<Remark> remarks = List.of();
  private List<UplinkState> states = List.of();
  private final List<Repair> mended = new ArrayList<>();

  /**
   * Of the node whose programs these are.
   *
   * @param clock says how long routes have been gone
   * @param masquerade empty: there are no uplinks
   * @param underlay index of its device
   * @param onUnderlay what takes the place of pods' addresses there
   * @param own indexes of our other devices
   */
  Uplinks(
      InstantSource clock,
      Optional<Masquerade> masquerade,
      int underlay,
      Uplink.Source onUnderlay,
      Supplier<Set<Integer>> own,
      Attachments attachments,
      Loader.Loaded loaded) {
    this.clock = clock;
    this.masquerade = masquerade;
    this.underlay = underlay;
    this.onUnderlay = onUnderlay;
    this.own = own;
    this.attachments = attachments;
    this.loaded = loaded;
    sources = loaded.map(MAP).as(Codec.u32(), Uplink.Source.CODEC);
    addresses = loaded.map("uplink_addresses").as(MapCodecs.ADDRESS, Codec.u32());
    count = loaded.map("uplink_count").as(Codec.u32(), Codec.u32());
  }

  /** These are the ranges of the node's pods; of other families nothing is said. */
  synchronized void serve(List<Cidr> ranges) {
    pods = List.copyOf(ranges);
  }

  /** Puts our programs in the place of those of an agent before, and looks at everything. */
  synchronized void takeOver(Netlink netlink) {
    exchange = true;
    try {
      routesChanged(netlink);
    } finally {
      exchange = false;
    }
  }

  /** Default routes came or went. */
  synchronized void routesChanged(Netlink netlink) {
    stale = true;
    look(netlink);
  }

  /**
   * The device or its addresses changed: routes go with them, and the kernel does not tell of all.
   */
  synchronized void deviceChanged(Netlink netlink, int index) {
    stale |= isExit(index);
    look(netlink);
  }

  /** Whether pods' packets leave by the device, or a default route leads there. */
  synchronized boolean concerns(int index) {
    return masquerade.isPresent()
        && index != underlay
        && (isExit(index) || realized.containsKey(index));
  }

  /** Whether the configuration names the device. */
  boolean names(String device) {
    return masquerade.flatMap(Masquerade::devices).filter(d -> d.contains(device)).isPresent();
  }

  /** The devices, by their indexes. */
  synchronized Set<Integer> indexes() {
    return Set.copyOf(realized.keySet());
  }

  /**
   * Looks, and puts back what others changed; what was found, and what cannot be mended.
   *
   * @param routes whether routes are read anew
   */
  synchronized List<Repair> repair(Netlink netlink, boolean routes) {
    stale |= routes;
    look(netlink);
    var out = new ArrayList<>(mended);
    mended.clear();
    for (Remark remark : remarks) {
      out.add(new Repair(remark.object(), remark.found(), Optional.of(remark.effect())));
    }
    return out;
  }

  private boolean isExit(int index) {
    return defaults.stream().anyMatch(route -> route.devices().contains(index));
  }

  private void look(Netlink netlink) {
    List<Link> links = netlink.list(Links.all());
    UplinkPlan plan = masquerade.map(m -> plan(m, netlink, links)).orElse(UplinkPlan.NONE);
    var failed = new ArrayList<>(plan.remarks());
    for (int index : sources.entries().keySet()) {
      if (!plan.uplinks().containsKey(index)) {
        leave(netlink, links, index);
      }
    }
    forgetAddresses(plan.uplinks().values());
    plan.uplinks().values().forEach(uplink -> use(uplink, failed));
    forgetAddresses(realized.values());
    count.put(COUNT_KEY, realized.size());
    say(failed);
    states =
        masquerade.isEmpty()
            ? List.of()
            : UplinkState.of(realized.values(), remarks, defaults, links, underlay, onUnderlay);
  }

  /** How the devices are by which pods' packets may leave, by the last look. */
  synchronized List<UplinkState> states() {
    return states;
  }

  private UplinkPlan plan(Masquerade settings, Netlink netlink, List<Link> links) {
    noteExits();
    if (stale) {
      defaults = netlink.list(Routes.defaults());
      stale = false;
      noteExits();
    }
    List<Addresses.Assigned> assigned = netlink.list(Addresses.all());
    var seen = new UplinkPlan.Seen(underlay, own.get(), pods, defaults, recent(), links, assigned);
    return UplinkPlan.of(settings, seen, sources.entries());
  }

  private void noteExits() {
    Instant now = clock.instant();
    defaults.forEach(route -> route.devices().forEach(index -> exits.put(index, now)));
  }

  /** A clock that was set back ends it, too. */
  private Set<Integer> recent() {
    Instant now = clock.instant();
    exits.values().removeIf(last -> last.isAfter(now) || last.plus(LINGER).isBefore(now));
    return Set.copyOf(exits.keySet());
  }

  /** Maps first: a program must know what to put in the place of addresses. */
  private void use(Uplink uplink, List<Remark> failed) {
    var programs = new NodePrograms(attachments);
    Optional<Uplink> before = Optional.ofNullable(realized.get(uplink.index()));
    Optional<String> otherName =
        before.map(Uplink::name).filter(name -> !name.equals(uplink.name()));
    try {
      for (InetAddress address : uplink.addresses()) {
        addresses.put(Cidr.of(address), uplink.index());
      }
      sources.put(uplink.index(), uplink.source());
      count.put(COUNT_KEY, Math.max(1, realized.size()));
      otherName.ifPresent(name -> attachments.rename(name, uplink.name()));
      if (before.isEmpty() || exchange) {
        programs.attach(loaded, uplink);
      } else {
        mended.addAll(programs.repair(loaded, uplink));
      }
      realized.put(uplink.index(), uplink);
      if (!before.equals(Optional.of(uplink))) {
        LOG.log(
            System.Logger.Level.INFO,
            "pods are masqueraded on {0}, too, as {1}",
            uplink.name(),
            uplink.source());
      }
    } catch (BpfException e) {
      realized.remove(uplink.index());
      sources.remove(uplink.index());
      attachments.forget(uplink.name());
      failed.add(
          new Remark(
              uplink.name(),
              "cannot be used for masquerading: " + e.getMessage(),
              UplinkPlan.KEPT));
    }
  }

  /** Programs first, that none masquerades there as on the underlay. */
  private void leave(Netlink netlink, List<Link> links, int index) {
    Optional<Link> present = links.stream().filter(link -> link.index() == index).findFirst();
    Uplink known = realized.remove(index);
    if (index != underlay) {
      Optional<String> before = Optional.ofNullable(known).map(Uplink::name);
      present.ifPresent(
          link -> {
            // it may have another name by now; programs that are only unpinned go too late
            before.ifPresent(name -> attachments.rename(name, link.name()));
            detach(netlink, attachments, link);
          });
      before.ifPresent(attachments::forget);
    }
    sources.remove(index);
    LOG.log(
        System.Logger.Level.INFO,
        "pods are not masqueraded on {0} any more",
        present.map(Link::name).orElse("device " + index));
  }

  /** The device may go meanwhile, and its programs with it. */
  private static void detach(Netlink netlink, Attachments attachments, Link link) {
    try {
      attachments.detach(netlink, link.name(), link.index());
    } catch (NetlinkException e) {
      LOG.log(System.Logger.Level.DEBUG, "detach from " + link.name(), e);
    }
  }

  /** Before others come, that these find room. */
  private void forgetAddresses(Collection<Uplink> but) {
    var wanted = new HashSet<Cidr>();
    but.forEach(u -> u.addresses().forEach(a -> wanted.add(Cidr.of(a))));
    addresses.removeAll(
        addresses.entries().keySet().stream().filter(a -> !wanted.contains(a)).toList());
  }

  private void say(List<Remark> now) {
    for (Remark remark : now) {
      if (!remarks.contains(remark)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "%s %s: %s".formatted(remark.object(), remark.found(), remark.effect()));
      }
    }
    remarks = List.copyOf(now);
  }

  /** Takes our programs off all devices of an agent that has ended. */
  static void detachAll(Netlink netlink, PinFolder pins, Attachments attachments) {
    try (var map = BpfMap.openPinned(pins.map(MAP)).as(Codec.u32(), Uplink.Source.CODEC)) {
      Set<Integer> indexes = map.entries().keySet();
      netlink.list(Links.all()).stream()
          .filter(link -> indexes.contains(link.index()))
          .forEach(link -> detach(netlink, attachments, link));
    } catch (BpfException e) {
      if (e.code() != BpfException.Code.NOT_FOUND) {
        throw e;
      }
    }
  }
}
