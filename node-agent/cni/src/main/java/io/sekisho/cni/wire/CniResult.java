package io.sekisho.cni.wire;

import com.google.gson.annotations.SerializedName;
import java.util.List;

/**
 * The success result of ADD in the form of CNI specification 1.0 and 1.1, ready to be printed.
 *
 * @param cniVersion version of the specification that it follows
 * @param interfaces the host end first, then the pod's end
 * @param ips the pod's addresses
 * @param routes routes in the pod
 * @param dns left to the runtime; empty
 */
public record CniResult(
    String cniVersion, List<Interface> interfaces, List<Ip> ips, List<Route> routes, Dns dns) {
  /** There is no result. */
  public static final CniResult NONE =
      new CniResult("", List.of(), List.of(), List.of(), new Dns(List.of()));

  /** Fills in what the JSON left out, keeps immutable copies. */
  public CniResult {
    cniVersion = Fields.text(cniVersion);
    interfaces = Fields.list(interfaces);
    ips = Fields.list(ips);
    routes = Fields.list(routes);
    dns = Fields.orElse(dns, new Dns(List.of()));
  }

  /** Whether nothing was made. */
  public boolean isEmpty() {
    return interfaces.isEmpty() && ips.isEmpty();
  }

  /**
   * An interface.
   *
   * @param name name inside its network namespace
   * @param mac {@code 02:..} form
   * @param mtu bytes
   * @param sandbox path of the network namespace; empty on the host
   */
  public record Interface(String name, String mac, int mtu, String sandbox) {
    /** Fills in what the JSON left out. */
    public Interface {
      name = Fields.text(name);
      mac = Fields.text(mac);
      sandbox = Fields.text(sandbox);
    }
  }

  /**
   * An address.
   *
   * @param address with prefix length, for example {@code 10.244.1.7/32}
   * @param gateway next hop of the pod's default route
   * @param interfaceIndex index into the list of interfaces
   */
  public record Ip(
      String address, String gateway, @SerializedName("interface") int interfaceIndex) {
    /** Fills in what the JSON left out. */
    public Ip {
      address = Fields.text(address);
      gateway = Fields.text(gateway);
    }
  }

  /**
   * A route.
   *
   * @param destination prefix, for example {@code 0.0.0.0/0}
   * @param gateway next hop
   */
  public record Route(
      @SerializedName("dst") String destination, @SerializedName("gw") String gateway) {
    /** Fills in what the JSON left out. */
    public Route {
      destination = Fields.text(destination);
      gateway = Fields.text(gateway);
    }
  }

  /** Name servers; empty, the runtime knows its own. */
  public record Dns(List<String> nameservers) {
    /** Fills in what the JSON left out. */
    public Dns {
      nameservers = Fields.list(nameservers);
    }
  }
}
