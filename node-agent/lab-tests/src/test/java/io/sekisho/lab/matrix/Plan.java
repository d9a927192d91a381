package io.sekisho.lab.matrix;

import io.sekisho.lab.Outside;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is in the matrix: pods a, b and c in the namespaces x, y and z, and two machines outside, of
 * which one only serves. Pods with different labels have different identities.
 *
 * <ul>
 *   <li>Namespaces have the labels {@code ns} (their name) and {@code zone}: x and y blue, z red.
 *   <li>Pods have {@code pod} (their name) and {@code row}: front are x/a, y/b and z/c, others
 *       back; x/a and y/a have {@code extra} too.
 *   <li>Ports by name: at a {@code web} 80/TCP, {@code dns} 80/UDP; at b {@code web} 81/TCP, {@code
 *       dns} 81/UDP; c tells none.
 * </ul>
 */
final class Plan {
  static final List<Integer> PORTS = List.of(80, 81);

  /** Opens and serves connections; knows the way to pods. */
  static final String PEER = Outside.PEER.name();

  /** Serves only. */
  static final String SERVER = Outside.SERVER.name();

  private static final String OF_NAMESPACE = Labels.NAMESPACE_LABELS;
  private static final List<String> FRONT = List.of("x/a", "y/b", "z/c");
  private static final List<String> EXTRA = List.of("x/a", "y/a");

  /** The nodes: places too, for the cases that are about them. */
  static final List<String> NODES = List.of("n1", "n2");

  private static final Map<String, Map<String, String>> PODS = allPods();
  private static final List<String> PATHS = List.copyOf(PODS.keySet());

  private static final List<Link> LINKS = between(false);
  private static final List<Link> NODE_LINKS = between(true);

  private static final Map<String, List<InetAddress>> ADDRESSES = addresses();

  private Plan() {}

  /** Pods by {@code namespace/name}, with their labels as the lab wants them. */
  static Map<String, Map<String, String>> pods() {
    return PODS;
  }

  private static Map<String, Map<String, String>> allPods() {
    Map<String, Map<String, String>> pods = new LinkedHashMap<>();
    for (String namespace : List.of("x", "y", "z")) {
      for (String pod : List.of("a", "b", "c")) {
        pods.put(namespace + "/" + pod, labels(namespace, pod));
      }
    }
    return Collections.unmodifiableMap(pods);
  }

  private static Map<String, String> labels(String namespace, String pod) {
    String path = namespace + "/" + pod;
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("pod", pod);
    labels.put("row", FRONT.contains(path) ? "front" : "back");
    labels.put(OF_NAMESPACE + "ns", namespace);
    labels.put(OF_NAMESPACE + "zone", namespace.equals("z") ? "red" : "blue");
    if (EXTRA.contains(path)) {
      labels.put("extra", "yes");
    }
    if (!pod.equals("c")) {
      int port = pod.equals("a") ? 80 : 81;
      labels.put("port:web", port + "/TCP");
      labels.put("port:dns", port + "/UDP");
    }
    return labels;
  }

  /** The node of a pod by its place in the plan: each namespace and each name is on both. */
  static String node(int place) {
    return "n" + (1 + place % 2);
  }

  /** An address as the lab would give it, but for the last number of a pod's. */
  static InetAddress address(String place, boolean v6) {
    return ADDRESSES.get(place).get(v6 ? 1 : 0);
  }

  private static Map<String, List<InetAddress>> addresses() {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    for (int i = 0; i < PATHS.size(); i++) {
      String node = node(i).substring(1);
      String last = String.valueOf(10 + i);
      texts.put(
          PATHS.get(i),
          List.of("10.244." + node + "." + last, "fd00:10:244:" + node + "::" + last));
    }
    for (String node : NODES) {
      texts.put(node, List.of("198.18.0." + node.substring(1), "fd18::" + node.substring(1)));
    }
    texts.put(PEER, Outside.PEER.addresses());
    texts.put(SERVER, Outside.SERVER.addresses());
    Map<String, List<InetAddress>> addresses = new LinkedHashMap<>();
    texts.forEach(
        (place, its) -> addresses.put(place, its.stream().map(InetAddress::ofLiteral).toList()));
    return addresses;
  }

  /** The identities that the agents would give, with numbers of our own. */
  static Map<String, Identity> identities() {
    Map<String, Identity> identities = new LinkedHashMap<>();
    pods()
        .forEach(
            (path, labels) -> {
              List<String> texts = new ArrayList<>();
              texts.add(Labels.NAMESPACE + "=" + path.substring(0, path.indexOf('/')));
              labels.forEach((key, value) -> texts.add(key + "=" + value));
              int number = Identity.FIRST_CLUSTER + identities.size();
              identities.put(path, new Identity(number, Labels.of(texts)));
            });
    return identities;
  }

  /** All ordered pairs of pods, and those with outside. */
  static List<Link> links() {
    return LINKS;
  }

  /** Those of nodes with each other, and with pods and outside. */
  static List<Link> nodeLinks() {
    return NODE_LINKS;
  }

  private static List<Link> between(boolean nodes) {
    List<Link> links = new ArrayList<>();
    for (String from : nodes ? NODES : PATHS) {
      for (String to : PATHS) {
        if (!from.equals(to)) {
          add(from, to, links);
        }
        if (nodes) {
          add(to, from, links);
        }
      }
      for (String to : nodes ? NODES : List.<String>of()) {
        if (!from.equals(to)) {
          add(from, to, links);
        }
      }
      add(from, PEER, links);
      add(PEER, from, links);
      if (!nodes) {
        add(from, SERVER, links);
      }
    }
    return List.copyOf(links);
  }

  private static void add(String from, String to, List<Link> links) {
    for (Protocol protocol : Protocol.values()) {
      for (int port : PORTS) {
        links.add(new Link(from, to, protocol, port, false));
        links.add(new Link(from, to, protocol, port, true));
      }
    }
  }

  /** The node on which a place is: its own, if it is one; empty outside. */
  static String nodeOf(String place) {
    int number = PATHS.indexOf(place);
    return number >= 0 ? node(number) : NODES.contains(place) ? place : "";
  }

  /** A node as it sees itself, or as others do. */
  static Identity node(String name, boolean itself) {
    String reserved = itself ? NodeLabels.HOST : NodeLabels.REMOTE;
    int number = itself ? Identity.HOST.number() : Identity.REMOTE_NODE.number();
    return new Identity(
        number, NodeLabels.of(reserved, NodeLabels.texts(name, Map.of()), key -> true));
  }
}
