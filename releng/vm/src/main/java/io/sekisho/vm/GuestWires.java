package io.sekisho.vm;

import io.sekisho.lab.Ip;
import io.sekisho.lab.LabNode;
import io.sekisho.lab.Outside;
import io.sekisho.lab.World;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The guest's wires: a bridge that joins the nodes, a server that knows no way to pods, and a
 * router; behind the router a second server, on a wire that takes only small packets.
 */
final class GuestWires {
  private static final World ROUTER = World.of("router", 202);
  private static final String BRIDGE = "br0";

  /** The same networks as in the lab. */
  private static final String BEYOND_4 = "203.0.113.";

  private static final String BEYOND_6 = "2001:db8:113::";

  private GuestWires() {}

  static void make(List<LabNode> nodes) {
    new Ip()
        .add("link add name " + BRIDGE + " type bridge stp_state 0 mcast_snooping 0")
        .add("link set " + BRIDGE + " up")
        .run();
    nodes.forEach(node -> join(node.name(), node.addresses()));
    for (World world : List.of(Outside.SERVER, ROUTER)) {
      join(world.name(), world.addresses());
    }
    makeBeyond();
    for (LabNode node : nodes) {
      new Ip()
          .add("route add " + BEYOND_4 + "0/24 via " + ROUTER.addresses().get(0))
          .add("route add " + BEYOND_6 + "/64 via " + ROUTER.addresses().get(1))
          .runIn(node.name());
    }
  }

  private static void join(String namespace, List<String> addresses) {
    String port = "w-" + namespace;
    new Ip()
        .add("netns add " + namespace)
        .add("link add name " + port + " type veth peer name eth0 netns " + namespace)
        .add("link set " + port + " master " + BRIDGE + " up")
        .run();
    addressed(addresses).runIn(namespace);
  }

  private static Ip addressed(List<String> addresses) {
    return new Ip()
        .add("link set lo up")
        .add("addr add " + addresses.get(0) + "/24 dev eth0")
        .add("addr add " + addresses.get(1) + "/64 dev eth0 nodad")
        .add("link set eth0 up");
  }

  private static void makeBeyond() {
    String beyond = Outside.BEYOND.name();
    new Ip().add("netns add " + beyond).run();
    new Ip()
        .add(
            "link add name far mtu %1$d type veth peer name eth0 mtu %1$d netns %2$s"
                .formatted(Outside.BEYOND_MTU, beyond))
        .add("addr add " + BEYOND_4 + "1/24 dev far")
        .add("addr add " + BEYOND_6 + "1/64 dev far nodad")
        .add("link set far up")
        .runIn(ROUTER.name());
    addressed(Outside.BEYOND.addresses())
        .add("route add default via " + BEYOND_4 + "1")
        .add("route add default via " + BEYOND_6 + "1")
        .runIn(beyond);
    Outside.forward(ROUTER.name());
  }

  /** Two nodes of the lab's plan. */
  static List<LabNode> nodes() {
    return IntStream.rangeClosed(1, 2).mapToObj(LabNode::new).toList();
  }
}
