package io.sekisho.policy;

import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Security labels of nodes: {@code reserved:host} for the endpoint's own and {@code
 * reserved:remote-node} for the others, and the labels that the node was given, of Kubernetes'
 * source.
 */
public final class NodeLabels {
  /** What the own node's labels hold. */
  public static final String HOST = "reserved:host";

  /** What other nodes' labels hold. */
  public static final String REMOTE = "reserved:remote-node";

  /** The label that every node has, with its name, unless it was given another value. */
  public static final String HOSTNAME = "kubernetes.io/hostname";

  private NodeLabels() {}

  /**
   * The labels of a node.
   *
   * @param reserved {@link #HOST} or {@link #REMOTE}
   * @param given the node's own, {@code zone=a} or {@code k8s:zone=a}; those of other sources and
   *     what would make it a pod are left out
   * @param key which keys, without source, tell nodes apart; the others are left out
   */
  public static Labels of(String reserved, Collection<String> given, Predicate<String> key) {
    var texts = new TreeSet<String>();
    texts.add(reserved);
    for (String text : given) {
      String plain = text.startsWith("k8s:") ? text.substring("k8s:".length()) : text;
      String name = plain.contains("=") ? plain.substring(0, plain.indexOf('=')) : plain;
      if (isAllowed(name) && key.test(name)) {
        texts.add("k8s:" + plain);
      }
    }
    return Labels.of(texts);
  }

  /** Whether a node may have a label of the name; not those by which pods are known. */
  public static boolean isAllowed(String name) {
    return !name.isEmpty()
        && name.indexOf(':') < 0
        && !name.equals(Labels.NAMESPACE)
        && !name.startsWith(Labels.NAMESPACE_LABELS);
  }

  /** A node's labels as texts, its name among them. */
  public static Collection<String> texts(String node, Map<String, String> labels) {
    var texts = new TreeSet<String>();
    labels.forEach((name, value) -> texts.add("k8s:" + name + "=" + value));
    if (!labels.containsKey(HOSTNAME)) {
      texts.add("k8s:" + HOSTNAME + "=" + node);
    }
    return texts;
  }

  /** Whether labels are a node's. */
  public static boolean isNode(Labels labels) {
    return isHost(labels) || labels.get(REMOTE).isPresent();
  }

  /** Whether labels are those of the node itself. */
  public static boolean isHost(Labels labels) {
    return labels.get(HOST).isPresent();
  }
}
