package io.sekisho.lab;

import java.util.List;

/**
 * Machines outside the cluster: a server that knows no way to pods, a peer that knows one, and a
 * server behind a router whose further wire takes only small packets.
 */
public final class Outside {
  /** Answers only what comes from addresses of the underlay. */
  public static final World SERVER = World.of("server", 201);

  /** Knows the way to pods; a good one to exclude from masquerade. */
  public static final World PEER = World.of("peer", 203);

  /** Behind the router; the ranges are those of RFC 5737 and RFC 3849 for documentation. */
  public static final World BEYOND = new World("beyond", List.of("203.0.113.2", "2001:db8:113::2"));

  /** Largest packet on the wire beyond the router, bytes. */
  public static final int BEYOND_MTU = 1300;

  private static final World ROUTER = World.of("router", 202);

  private final LabNames names;
  private final Underlay underlay;

  Outside(LabNames names, Underlay underlay) {
    this.names = names;
    this.underlay = underlay;
  }

  /** Makes a machine a router. */
  public static void forward(String namespace) {
    Underlay.forward(namespace);
  }

  void create(List<LabNode> nodes, PodRanges ranges) {
    underlay.createPlain(SERVER);
    underlay.createWorld(PEER, ranges);
    underlay.createPlain(ROUTER);
    String router = names.world(ROUTER.name());
    String beyond = names.world(BEYOND.name());
    forward(router);
    new Ip().add("netns add " + beyond).run();
    new Ip()
        .add(
            "link add name far mtu %d type veth peer name eth0 mtu %d netns %s"
                .formatted(BEYOND_MTU, BEYOND_MTU, beyond))
        .add("addr add 203.0.113.1/24 dev far")
        .add("addr add 2001:db8:113::1/64 dev far nodad")
        .add("link set far up")
        .runIn(router);
    new Ip()
        .add("link set lo up")
        .add("addr add " + BEYOND.addresses().get(0) + "/24 dev eth0")
        .add("addr add " + BEYOND.addresses().get(1) + "/64 dev eth0 nodad")
        .add("link set eth0 up")
        .add("route add default via 203.0.113.1")
        .add("route add default via 2001:db8:113::1")
        .runIn(beyond);
    for (LabNode node : nodes) {
      new Ip()
          .add("route add 203.0.113.0/24 via " + ROUTER.addresses().get(0))
          .add("route add 2001:db8:113::/64 via " + ROUTER.addresses().get(1))
          .runIn(names.node(node.name()));
    }
  }
}
