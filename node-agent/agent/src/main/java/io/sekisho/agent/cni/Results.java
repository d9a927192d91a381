package io.sekisho.agent.cni;

import com.google.common.net.InetAddresses;
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
   * Compares what ADD said with what is.
   *
   * @throws CniException with CHECK_FAILED, naming what differs
   */
  static void check(CniResult previous, LocalEndpoint endpoint) {
    WiredEndpoint wired = wired(endpoint);
    Set<Cidr> have = new TreeSet<>(wired.addresses().stream().map(Cidr::of).toList());
    Set<Cidr> want = new TreeSet<>(previous.ips().stream().map(Results::address).toList());
    if (!have.equals(want)) {
      throw failed("addresses are " + have + ", not " + want);
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

  private static Cidr address(CniResult.Ip ip) {
    try {
      return Cidr.parse(ip.address());
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
