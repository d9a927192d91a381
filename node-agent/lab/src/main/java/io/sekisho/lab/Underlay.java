package io.sekisho.lab;

import java.util.List;

/** The network below the cluster: a bridge in a namespace, nodes and outside machines on it. */
final class Underlay {
  /** Address of etcd, on the bridge itself. */
  static final String ETCD = LabNode.UNDERLAY_4 + "250";

  /** Of the bridge; else it has that of a port, and loses etcd's clients when another one joins. */
  private static final String MAC = "02:00:00:00:00:fa";

  private static final String BRIDGE = " type bridge stp_state 0 mcast_snooping 0";
  private static final String HOST_4 = LabNode.UNDERLAY_4 + "254";
  private static final String HOST_6 = LabNode.UNDERLAY_6 + "fe";

  private final LabNames names;

  Underlay(LabNames names) {
    this.names = names;
  }

  /** Makes the bridge and the nodes; with `hostLink` the machine itself is on the bridge too. */
  void create(List<LabNode> nodes, boolean hostLink) {
    if (hostLink) {
      requireFreeAddresses();
    }
    Ip all = new Ip().add("netns add " + names.underlay());
    nodes.forEach(node -> all.add("netns add " + names.node(node.name())));
    all.run();
    new Ip()
        .add("link set lo up")
        .add("link add name " + names.bridge() + " address " + MAC + BRIDGE)
        .add("link set " + names.bridge() + " up")
        .add("addr add " + ETCD + "/24 dev " + names.bridge())
        .add("addr add " + LabNode.UNDERLAY_6 + "fa/64 dev " + names.bridge() + " nodad")
        .runIn(names.underlay());
    nodes.forEach(this::joinNode);
    if (hostLink) {
      joinHost();
    }
  }

  /** Makes a machine outside the cluster that reaches pods through their nodes. */
  void createWorld(World world, PodRanges ranges) {
    createPlain(world);
    ranges.routes().runIn(names.world(world.name()));
  }

  /** Makes a machine outside the cluster that knows no way to pods. */
  void createPlain(World world) {
    String namespace = names.world(world.name());
    new Ip().add("netns add " + namespace).run();
    join(namespace, world.name());
    up(world.addresses()).runIn(namespace);
  }

  /** Sets the largest packet of a node's wire, on both ends. */
  void setMtu(LabNode node, int bytes) {
    new Ip().add("link set eth0 mtu " + bytes).runIn(names.node(node.name()));
    new Ip().add("link set " + node.name() + " mtu " + bytes).runIn(names.underlay());
  }

  /** Takes a node's addresses away and gives it others. */
  void renumber(LabNode from, LabNode to) {
    // else the new address would go with the old one, and routes with it
    Command.of("sysctl", "-qw", "net.ipv4.conf.eth0.promote_secondaries=1")
        .inside(names.node(from.name()))
        .run();
    new Ip()
        .add("addr add " + to.addresses().get(0) + "/24 dev eth0")
        .add("addr add " + to.addresses().get(1) + "/64 dev eth0 nodad")
        .add("addr del " + from.addresses().get(0) + "/24 dev eth0")
        .add("addr del " + from.addresses().get(1) + "/64 dev eth0")
        .runIn(names.node(from.name()));
  }

  /** Cuts a node's wire, or mends it. */
  void setWire(LabNode node, boolean works) {
    new Ip().add("link set " + node.name() + (works ? " up" : " down")).runIn(names.underlay());
  }

  private void joinNode(LabNode node) {
    String namespace = names.node(node.name());
    join(namespace, node.name());
    up(node.addresses()).runIn(namespace);
    // a node routes for its pods, as Kubernetes demands of its nodes
    forward(namespace);
  }

  /** Makes a machine a router. */
  static void forward(String namespace) {
    Command.of("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        .inside(namespace)
        .run();
  }

  private void join(String namespace, String port) {
    new Ip()
        .add("link add name " + port + " type veth peer name eth0 netns " + namespace)
        .add("link set " + port + " master " + names.bridge() + " up")
        .runIn(names.underlay());
  }

  private static Ip up(List<String> addresses) {
    return new Ip()
        .add("link set lo up")
        .add("addr add " + addresses.get(0) + "/24 dev eth0")
        .add("addr add " + addresses.get(1) + "/64 dev eth0 nodad")
        .add("link set eth0 up");
  }

  private void joinHost() {
    new Ip()
        .add(
            "link add name "
                + names.hostLink()
                + " type veth peer name host netns "
                + names.underlay())
        .add("addr add " + HOST_4 + "/24 dev " + names.hostLink())
        .add("addr add " + HOST_6 + "/64 dev " + names.hostLink() + " nodad")
        .add("link set " + names.hostLink() + " up")
        .run();
    new Ip().add("link set host master " + names.bridge() + " up").runIn(names.underlay());
  }

  private static void requireFreeAddresses() {
    String taken =
        Command.of("ip", "-o", "route", "show", "root", LabNode.UNDERLAY_4 + "0/24").run().output()
            + Command.of("ip", "-o", "-6", "route", "show", "root", LabNode.UNDERLAY_6 + "/64")
                .run()
                .output();
    if (!taken.isBlank()) {
      throw new LabException(
          LabException.Code.ADDRESS_TAKEN,
          "this machine uses the lab's addresses already: " + taken.strip().lines().toList());
    }
  }
}
