package io.sekisho.lab;

import java.io.IOException;

/**
 * While it is open, the router of {@link Outside} stands between the addresses of one family of the
 * first two nodes, and hands on only small packets. IPv4 tunnels' packets may be cut, so it cuts
 * them; of IPv6 ones it tells the node.
 */
final class NarrowHop implements AutoCloseable {
  static final int MTU = 1_400;
  private static final World ROUTER = World.of("router", 202);

  private final Lab lab;
  private final int family;
  private final String router;

  /** Family 0 is IPv4, 1 is IPv6. */
  NarrowHop(Lab lab, int family) {
    this(lab, family, MTU);
  }

  /** The same with an MTU, bytes. */
  NarrowHop(Lab lab, int family, int mtu) {
    this.lab = lab;
    this.family = family;
    router = lab.names().world(ROUTER.name());
    // it must not tell the nodes of the shorter way
    Command.of(
            "sysctl",
            "-qw",
            "net.ipv4.conf.all.send_redirects=0",
            "net.ipv4.conf.eth0.send_redirects=0",
            "net.ipv6.conf.all.forwarding=1")
        .inside(router)
        .run();
    new Ip()
        .add("route replace " + prefix("n1") + " dev eth0 mtu lock " + mtu)
        .add("route replace " + prefix("n2") + " dev eth0 mtu lock " + mtu)
        .runIn(router);
    String via = " via " + ROUTER.addresses().get(family);
    new Ip().add("route replace " + prefix("n2") + via).runIn(lab.names().node("n1"));
    new Ip().add("route replace " + prefix("n1") + via).runIn(lab.names().node("n2"));
  }

  private String prefix(String node) {
    String address = lab.node(node).addresses().get(family);
    return address + (family == 0 ? "/32" : "/128");
  }

  /** How many IPv4 packets the router has cut so far. */
  long cut() throws IOException {
    return Forge.counter(router, "Ip", "FragOKs");
  }

  @Override
  public void close() {
    new Ip().add("route del " + prefix("n2")).runIn(lab.names().node("n1"));
    new Ip().add("route del " + prefix("n1")).runIn(lab.names().node("n2"));
    new Ip()
        .add("route del " + prefix("n1") + " dev eth0")
        .add("route del " + prefix("n2") + " dev eth0")
        .runIn(router);
  }
}
