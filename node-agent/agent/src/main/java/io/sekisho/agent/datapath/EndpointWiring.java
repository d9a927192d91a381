package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.libbpf.BpfLink.Hook;
import io.sekisho.libbpf.BpfProgram;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.MacAddress;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.NetworkNamespace;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Makes, adopts and removes endpoints. An interface pair gets its programs before its pod's end is
 * set up, and the programs pass nothing for an interface that no map names. Pairs are deleted on
 * another thread, because the kernel takes its time for it; who needs a name again waits. The
 * monitor's thread changes MTUs meanwhile, therefore the locks.
 */
final class EndpointWiring implements AutoCloseable {
  static final String FROM_ENDPOINT = "from_endpoint";
  static final String TO_ENDPOINT = "to_endpoint";

  private final Netlink netlink;
  private final EndpointDevices devices;
  private final Adoption adoption;
  private final Attachments attachments;
  private final Realizer realizer;
  private final GracePeriods gracePeriods;
  private final BpfProgram fromEndpoint;
  private final BpfProgram toEndpoint;
  private final Map<Integer, WiredEndpoint> wired = new ConcurrentSkipListMap<>();
  private final PairDeletions deletions = new PairDeletions(this::delete);

  EndpointWiring(
      Netlink netlink,
      EndpointDevices devices,
      Adoption adoption,
      Attachments attachments,
      Realizer realizer,
      GracePeriods gracePeriods,
      Loader.Loaded loaded) {
    this.netlink = netlink;
    this.devices = devices;
    this.adoption = adoption;
    this.attachments = attachments;
    this.realizer = realizer;
    this.gracePeriods = gracePeriods;
    this.fromEndpoint = loaded.program(FROM_ENDPOINT);
    this.toEndpoint = loaded.program(TO_ENDPOINT);
  }

  /** Takes over the endpoints that an earlier agent wired: they get the new programs. */
  synchronized void takeOver() {
    var found = new ArrayList<>(devices.found());
    found.addAll(adoption.found(realizer.known()));
    for (WiredEndpoint endpoint : found) {
      String name = endpoint.hostInterface();
      int index = endpoint.hostIndex();
      if (attachments.isAttached(name, index, FROM_ENDPOINT, Hook.INGRESS)
          && attachments.isAttached(name, index, TO_ENDPOINT, Hook.EGRESS)) {
        attach(endpoint);
        wired.put(endpoint.endpointId(), endpoint);
      }
    }
  }

  /** Pairs get another MTU, those that are made from now on too; on any thread, with its socket. */
  synchronized void followMtu(Netlink own, int mtu) {
    devices.defaultMtu(mtu);
    new EndpointMtu(own, mtu)
        .follow(wired)
        .forEach(endpoint -> wired.put(endpoint.endpointId(), endpoint));
  }

  /**
   * The node's own packets to pods come from these addresses: the kernel deletes routes from an
   * address with it, so all are made again.
   */
  synchronized void routeFrom(List<InetAddress> nodeAddresses) {
    devices.nodeAddresses(nodeAddresses);
    wired.values().stream()
        .filter(e -> e.hostInterface().equals(EndpointDevices.name(e.endpointId())))
        .forEach(devices::routeTo);
  }

  /** Waits for the deletions that were begun; those that failed, whose pairs are still there. */
  synchronized Set<Integer> awaitDeletions() {
    return deletions.failed();
  }

  /**
   * Puts back what others changed of endpoints' interfaces; what was found.
   *
   * @param routes whether the routes to pods are looked at, too
   */
  synchronized List<Repair> repair(boolean routes) {
    var out = new ArrayList<>(deletions.again());
    out.addAll(new EndpointDeviceRepair(netlink, devices).run(wired.values(), routes));
    for (WiredEndpoint endpoint : wired.values()) {
      String name = endpoint.hostInterface();
      int index = endpoint.hostIndex();
      boolean attached =
          attachments.isAttached(name, index, FROM_ENDPOINT, Hook.INGRESS)
              && attachments.isAttached(name, index, TO_ENDPOINT, Hook.EGRESS);
      if (!attached
          && netlink.find(Links.named(name)).filter(l -> l.index() == index).isPresent()) {
        gracePeriods.expedited(() -> attach(endpoint));
        out.add(Repair.done("programs on " + name, "were off"));
      }
    }
    return out;
  }

  Attachments attachments() {
    return attachments;
  }

  List<WiredEndpoint> wired() {
    return List.copyOf(wired.values());
  }

  Map<Integer, WiredEndpoint> byId() {
    return wired;
  }

  /** Wired endpoints whose host interface is gone. */
  synchronized Set<Integer> missing() {
    var present = new HashSet<Integer>();
    netlink.list(Links.all()).forEach(link -> present.add(link.index()));
    var missing = new TreeSet<Integer>();
    wired.forEach(
        (id, endpoint) -> {
          if (!present.contains(endpoint.hostIndex())) {
            missing.add(id);
          }
        });
    return missing;
  }

  synchronized WiredEndpoint wire(Wiring wiring) {
    int id = wiring.endpointId();
    requireValid(wiring);
    deletions.await(id);
    try (var pod = NetworkNamespace.open(wiring.networkNamespace())) {
      WiredEndpoint present = wired.get(id);
      if (present != null) {
        if (Set.copyOf(present.addresses()).equals(Set.copyOf(wiring.addresses()))
            && devices.leadsTo(present, pod, wiring.interfaceName())) {
          return present;
        }
        unwire(id);
        deletions.await(id);
      }
      WiredEndpoint made =
          wiring.adopted().isPresent()
              ? adopt(wiring, wiring.adopted().get().hostInterface(), pod)
              : make(wiring, pod);
      wired.put(id, made);
      return made;
    }
  }

  private WiredEndpoint adopt(Wiring wiring, String hostInterface, NetworkNamespace pod) {
    WiredEndpoint found = adoption.find(wiring, hostInterface, pod);
    if (wired.values().stream().anyMatch(e -> e.hostIndex() == found.hostIndex())) {
      throw new DatapathException(
          Code.NOT_ADOPTABLE, found.hostInterface() + " is an endpoint already");
    }
    try {
      gracePeriods.expedited(() -> attach(found));
      adoption.prepare(found, wiring, pod);
      return found;
    } catch (RuntimeException e) {
      attachments.detach(netlink, found.hostInterface(), found.hostIndex());
      throw e;
    }
  }

  private static void requireValid(Wiring wiring) {
    int id = wiring.endpointId();
    long ipv4 = wiring.addresses().stream().filter(PodInterface::isIpv4).count();
    long ipv6 = wiring.addresses().size() - ipv4;
    if (id < 1 || id > 65535) {
      throw new DatapathException(Code.WIRING_FAILED, "endpoint id " + id + " is out of range");
    }
    if (ipv4 + ipv6 == 0 || ipv4 > 1 || ipv6 > 1) {
      throw new DatapathException(
          Code.WIRING_FAILED,
          "endpoint %d needs one address of either or each family, not %s"
              .formatted(
                  id, wiring.addresses().stream().map(InetAddress::getHostAddress).toList()));
    }
  }

  private WiredEndpoint make(Wiring wiring, NetworkNamespace pod) {
    try {
      WiredEndpoint made = create(wiring, pod);
      gracePeriods.expedited(() -> attach(made));
      devices.routeTo(made);
      PodInterface.configure(
          pod, wiring.interfaceName(), made.addresses(), MacAddress.parse(made.hostMac()));
      return made;
    } catch (RuntimeException e) {
      cleanUp(EndpointDevices.name(wiring.endpointId()), e);
      throw e;
    }
  }

  /**
   * The pod's name may be that of a pair that is being deleted: the runtime gave the namespace to
   * another container. A pair of our name that is not wired was left by an agent that died in the
   * midst of it.
   */
  private WiredEndpoint create(Wiring wiring, NetworkNamespace pod) {
    try {
      return devices.create(wiring, pod);
    } catch (NetlinkException e) {
      if (e.code() != NetlinkException.Code.EXISTS) {
        throw e;
      }
      deletions.awaitAll();
      EndpointDevices.delete(netlink, EndpointDevices.name(wiring.endpointId()));
      return devices.create(wiring, pod);
    }
  }

  private void cleanUp(String name, RuntimeException cause) {
    try {
      attachments.forget(name);
      EndpointDevices.delete(netlink, name);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private void attach(WiredEndpoint endpoint) {
    String name = endpoint.hostInterface();
    attachments.attach(name, endpoint.hostIndex(), fromEndpoint, Hook.INGRESS);
    attachments.attach(name, endpoint.hostIndex(), toEndpoint, Hook.EGRESS);
  }

  synchronized void unwire(int endpointId) {
    realizer.remove(endpointId);
    WiredEndpoint gone = wired.remove(endpointId);
    if (gone != null) {
      deletions.begin(gone);
    }
  }

  /** The slow part: no map names the endpoint any more, so its programs pass nothing. */
  private void delete(WiredEndpoint endpoint) {
    realizer.deleteTable(endpoint.endpointId());
    try (var own = Netlink.open()) {
      if (endpoint.adopted()) {
        attachments.detach(own, endpoint.hostInterface(), endpoint.hostIndex());
        Adoption.release(own, endpoint);
        return;
      }
      EndpointDevices.delete(own, endpoint.hostInterface());
    }
    attachments.forget(endpoint.hostInterface());
  }

  @Override
  public void close() {
    deletions.close();
    netlink.close();
  }
}
