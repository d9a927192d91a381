package io.sekisho.policy;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every identity of a cluster, gathered from what is told: its list of identities, and endpoints,
 * whose identity may not be in the list yet. What is told without a number, without labels, or with
 * labels that can't be read is nobody's identity. Not safe for threads.
 */
public final class Identities {
  private final Map<Integer, Identity> known = new TreeMap<>();
  private final Map<Integer, Identity> ofEndpoints = new TreeMap<>();

  /** The cluster's list has this identity. */
  public void add(int number, Collection<String> labels) {
    put(number, labels, known);
  }

  /** An endpoint has this identity; the cluster's list knows better. */
  public void endpoint(int number, Collection<String> labels) {
    if (!ofEndpoints.containsKey(number)) {
      put(number, labels, ofEndpoints);
    }
  }

  private static void put(int number, Collection<String> labels, Map<Integer, Identity> into) {
    if (number == 0 || labels.isEmpty()) {
      return;
    }
    try {
      into.put(number, new Identity(number, Labels.of(labels)));
    } catch (IllegalArgumentException e) {
      return; // as if it had not been told
    }
  }

  /** All of them, by number. */
  public Collection<Identity> all() {
    Map<Integer, Identity> out = new TreeMap<>(ofEndpoints);
    out.putAll(known);
    return out.values();
  }

  /** The labels of a number, if they were told. */
  public Optional<Labels> labels(int number) {
    return Optional.ofNullable(known.getOrDefault(number, ofEndpoints.get(number)))
        .map(Identity::labels);
  }
}
