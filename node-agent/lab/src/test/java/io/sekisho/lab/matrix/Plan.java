package io.sekisho.lab.matrix;

import io.sekisho.lab.Outside;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.util.ArrayList;
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

  private Plan() {}

  /** Pods by {@code namespace/name}, with their labels as the lab wants them. */
  static Map<String, Map<String, String>> pods() {
    Map<String, Map<String, String>> pods = new LinkedHashMap<>();
    for (String namespace : List.of("x", "y", "z")) {
      for (String pod : List.of("a", "b", "c")) {
        pods.put(namespace + "/" + pod, labels(namespace, pod));
      }
    }
    return pods;
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

  /** Every connection of some transports: all ordered pairs of pods, and those with outside. */
  static List<Link> links(List<Protocol> protocols) {
    List<Link> links = new ArrayList<>();
    List<String> pods = List.copyOf(pods().keySet());
    for (String from : pods) {
      for (String to : pods) {
        if (!from.equals(to)) {
          add(from, to, protocols, links);
        }
      }
      add(from, PEER, protocols, links);
      add(from, SERVER, protocols, links);
      add(PEER, from, protocols, links);
    }
    return links;
  }

  private static void add(String from, String to, List<Protocol> protocols, List<Link> links) {
    for (Protocol protocol : protocols) {
      for (int port : PORTS) {
        links.add(new Link(from, to, protocol, port, false));
        links.add(new Link(from, to, protocol, port, true));
      }
    }
  }
}
