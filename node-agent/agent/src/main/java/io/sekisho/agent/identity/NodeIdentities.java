package io.sekisho.agent.identity;

import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/**
 * Identities of other nodes that policies tell apart by their labels; local to the node, from
 * {@link Identity#FIRST_NODE} on. Nodes that no policy tells from others are {@link
 * Identity#REMOTE_NODE}. Belongs to the event loop.
 */
public final class NodeIdentities {
  private final LocalNumbers<String> numbers;
  private Map<String, Identity> last = Map.of();

  /** Begins with the numbers of an earlier agent, by the canonical text of the labels. */
  public NodeIdentities(Map<String, Integer> restored) {
    numbers = new LocalNumbers<>(Identity.FIRST_NODE, restored);
  }

  /**
   * The identity of each node; the same map while nothing changes.
   *
   * @param nodes labels by the node's name: those that tell it from others
   */
  public Map<String, Identity> assign(Map<String, Labels> nodes) {
    var sets = new HashSet<String>();
    nodes.values().stream().filter(l -> !isPlain(l)).map(Labels::toString).forEach(sets::add);
    Map<String, Integer> given = numbers.assign(sets);
    var out = new HashMap<String, Identity>();
    nodes.forEach(
        (name, labels) -> {
          Integer number = given.get(labels.toString());
          out.put(name, number == null ? Identity.REMOTE_NODE : new Identity(number, labels));
        });
    last = out.equals(last) ? last : Map.copyOf(out);
    return last;
  }

  private static boolean isPlain(Labels labels) {
    return labels.equals(Identity.REMOTE_NODE.labels());
  }

  /** Another number whenever {@link #numbers} gives something else. */
  long version() {
    return numbers.version();
  }

  /** All remembered numbers: what an agent that follows shall begin with. */
  public Map<String, Integer> numbers() {
    return numbers.all();
  }
}
