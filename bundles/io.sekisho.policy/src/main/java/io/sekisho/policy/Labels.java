package io.sekisho.policy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Security labels: an immutable sorted set of {@code source:key=value} with at most one value for a
 * source and key. Sources are {@code k8s} (what a text without source means), {@code reserved},
 * {@code cidr} and {@code port} (names of ports, see {@link PortLabels}). The namespace of a pod is
 * the label {@link #NAMESPACE}.
 */
public final class Labels {
  /** Key of the label that holds a pod's namespace. */
  public static final String NAMESPACE = "io.kubernetes.pod.namespace";

  /** Before the name of a namespace's label that its pods carry (as Cilium does). */
  public static final String NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels.";

  private final SortedMap<String, String> values;

  /** Labels are keys of large maps. */
  private final int hash;

  private Labels(SortedMap<String, String> values) {
    this.values = java.util.Collections.unmodifiableSortedMap(values);
    this.hash = values.hashCode();
  }

  /**
   * Labels from texts such as {@code k8s:app=cart}, {@code app=cart} or {@code reserved:world}.
   *
   * @throws IllegalArgumentException if a text has no key
   */
  public static Labels of(Collection<String> texts) {
    var values = new TreeMap<String, String>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      int colon = name.indexOf(':');
      String full = colon < 0 ? "k8s:" + name : name;
      if (colon == 0 || colon == full.length() - 1 || full.equals("k8s:")) {
        throw new IllegalArgumentException("label '" + text + "' has no source or key");
      }
      values.put(full, equals < 0 ? "" : text.substring(equals + 1));
    }
    return new Labels(values);
  }

  /** Labels from texts, see {@link #of(Collection)}. */
  public static Labels of(String... texts) {
    return of(List.of(texts));
  }

  /** The value of {@code source:key}, if it is there; {@code any:key} looks in every source. */
  public Optional<String> get(String sourceAndKey) {
    if (sourceAndKey.startsWith("any:")) {
      String suffix = sourceAndKey.substring(3);
      return values.entrySet().stream()
          .filter(
              e ->
                  e.getKey().endsWith(suffix)
                      && !PortLabels.isPort(e.getKey())
                      && e.getKey().indexOf(':') == e.getKey().length() - suffix.length())
          .map(Map.Entry::getValue)
          .findFirst();
    }
    return Optional.ofNullable(values.get(sourceAndKey));
  }

  /** The pod's namespace, empty for what is outside of all. */
  public String namespace() {
    return values.getOrDefault("k8s:" + NAMESPACE, "");
  }

  /** Every label as {@code source:key} to value, sorted. */
  public SortedMap<String, String> asMap() {
    return values;
  }

  /** Every label as text, sorted. */
  public List<String> texts() {
    return values.entrySet().stream()
        .map(e -> e.getValue().isEmpty() ? e.getKey() : e.getKey() + "=" + e.getValue())
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Labels labels && hash == labels.hash && values.equals(labels.values));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The labels, comma-separated: the canonical form that identities are keyed by. */
  @Override
  public String toString() {
    return texts().stream().collect(Collectors.joining(","));
  }
}
