package io.sekisho.agent.cni;

import com.google.common.net.InetAddresses;
import io.sekisho.agent.datapath.PodState;
import io.sekisho.agent.datapath.WiredEndpoint;
import io.sekisho.agent.endpoint.LocalEndpoint;
import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import io.sekisho.cni.wire.CniResult;
import io.sekisho.policy.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** CNI results of endpoints. */
final class Results {
  /** The pod's gateway: link-local (RFC 3927), the same in every pod. */
  private static final String GATEWAY_V4 = "169.254.1.1";

  private static final String GATEWAY_V6 = "fe80::1";

  /** Place of the pod's end among the interfaces. */
  private static final int POD_INTERFACE = 1;

  private Results() {}

  /** The result of ADD for an endpoint that is ready. */
  static CniResult of(String cniVersion, LocalEndpoint endpoint) {
    WiredEndpoint wired = wired(endpoint);
    var request = endpoint.spec().request();
    var ips = new ArrayList<CniResult.Ip>();
    var routes = new ArrayList<CniResult.Route>();
    for (InetAddress address : wired.addresses()) {
      boolean v4 = address instanceof Inet4Address;
      String gateway = v4 ? GATEWAY_V4 : GATEWAY_V6;
      ips.add(new CniResult.Ip(withLength(address), gateway, POD_INTERFACE));
      routes.add(new CniResult.Route(v4 ? "0.0.0.0/0" : "::/0", gateway));
    }
    return new CniResult(
        cniVersion,
        List.of(
            new CniResult.Interface(wired.hostInterface(), wired.hostMac(), wired.mtu(), ""),
            new CniResult.Interface(
                request.attachment().interfaceName(),
                wired.podMac(),
                wired.mtu(),
                request.networkNamespace().toString())),
        ips,
        routes,
        new CniResult.Dns(List.of()));
  }

  /**
   * Compares what ADD said with what is. What later plugins of the chain added is theirs to check,
   * and so is what an earlier one made, but for the addresses.
   *
   * @param state the pod's interface as the kernel has it
   * @throws CniException with CHECK_FAILED, naming what differs
   */
  static void check(CniResult previous, LocalEndpoint endpoint, PodState state) {
    WiredEndpoint wired = wired(endpoint);
    Set<Cidr> given = new TreeSet<>(wired.addresses().stream().map(Cidr::of).toList());
    Set<Cidr> want = new TreeSet<>(previous.ips().stream().map(Results::address).toList());
    if (!want.containsAll(given) || (!wired.adopted() && !given.equals(want))) {
      throw failed("addresses are " + given + ", not " + want);
    }
    Set<Cidr> present = new TreeSet<>(state.addresses().stream().map(Cidr::of).toList());
    if (!present.containsAll(given)) {
      throw failed("the pod's addresses are " + present + ", not " + given);
    }
    if (!state.up()) {
      throw failed("the pod's interface is down");
    }
    if (!state.mac().equalsIgnoreCase(wired.podMac())) {
      throw failed("the pod's interface has the MAC " + state.mac() + ", not " + wired.podMac());
    }
    if (!wired.adopted()) {
      checkOwn(previous, wired, state);
    }
  }

  private static void checkOwn(CniResult previous, WiredEndpoint wired, PodState state) {
    for (CniResult.Route route : previous.routes()) {
      boolean own = route.gateway().equals(GATEWAY_V4) || route.gateway().equals(GATEWAY_V6);
      if (own && !state.routes().contains(way(route))) {
        throw failed("the pod has no route to " + route.destination() + " by " + route.gateway());
      }
    }
    for (CniResult.Interface each : previous.interfaces()) {
      boolean host = each.sandbox().isEmpty();
      String mac = host ? wired.hostMac() : wired.podMac();
      if (!each.mac().isEmpty() && !each.mac().equalsIgnoreCase(mac)) {
        throw failed("the address of " + each.name() + " is " + mac + ", not " + each.mac());
      }
      if (host && !each.name().equals(wired.hostInterface())) {
        throw failed("the host interface is " + wired.hostInterface() + ", not " + each.name());
      }
    }
  }

  private static PodState.Way way(CniResult.Route route) {
    try {
      return new PodState.Way(
          Cidr.parse(route.destination()), Optional.of(InetAddress.ofLiteral(route.gateway())));
    } catch (IllegalArgumentException e) {
      throw new CniException(Code.INVALID_CONFIGURATION, "prevResult: " + e.getMessage(), e);
    }
  }

  /** Without its network's length: that is what the interface's own routes are of. */
  private static Cidr address(CniResult.Ip ip) {
    String text = ip.address();
    int slash = text.indexOf('/');
    try {
      return Cidr.of(InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)));
    } catch (IllegalArgumentException e) {
      throw new CniException(Code.INVALID_CONFIGURATION, "prevResult: " + e.getMessage(), e);
    }
  }

  private static WiredEndpoint wired(LocalEndpoint endpoint) {
    return endpoint
        .live()
        .map(LocalEndpoint.Live::wired)
        .orElseThrow(() -> failed("the interface is still being made"));
  }

  private static String withLength(InetAddress address) {
    return InetAddresses.toAddrString(address) + (address instanceof Inet4Address ? "/32" : "/128");
  }

  private static CniException failed(String message) {
    return new CniException(Code.CHECK_FAILED, message);
  }
}
