package io.sekisho.agent.cluster;

import io.sekisho.agent.apiserver.ResourceKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which custom resources hold which keys of the cluster store. Endpoints lie many in one object, so
 * that thousands of pods are some dozens of objects; all else has an object for each key.
 */
enum StoreFamily {
  NODES(Keys.NODES, "SekishoNode"),
  ENDPOINTS(Keys.ENDPOINTS, "SekishoEndpointSlice"),
  IDENTITIES(Keys.IDENTITIES, "SekishoIdentity"),
  REVISIONS("revisions/", "SekishoRevision"),
  REALIZED(Keys.REALIZED, "SekishoRealization"),
  /** What has no kind of its own: the head, leases of ranges, identities by their labels. */
  OTHERS("", "SekishoEntry");

  /** Group of our resources. */
  static final String GROUP = "sekisho.io";

  private final String prefix;
  private final ResourceKind kind;

  StoreFamily(String prefix, String word) {
    this.prefix = prefix;
    String lower = word.toLowerCase(Locale.ROOT);
    String plural =
        lower.endsWith("y") ? lower.substring(0, lower.length() - 1) + "ies" : lower + "s";
    this.kind = new ResourceKind(GROUP, "v1", word, plural, true);
  }

  /** The objects. */
  ResourceKind kind() {
    return kind;
  }

  /** Whether an object holds many keys. */
  boolean sliced() {
    return this == ENDPOINTS;
  }

  /** The family of a key. */
  static StoreFamily of(String key) {
    return Arrays.stream(values()).filter(f -> key.startsWith(f.prefix)).findFirst().orElse(OTHERS);
  }

  /** The families that can hold keys with a prefix. */
  static List<StoreFamily> under(String prefix) {
    StoreFamily own = of(prefix);
    if (own != OTHERS) {
      return List.of(own);
    }
    return Arrays.stream(values()).filter(f -> f == OTHERS || f.prefix.startsWith(prefix)).toList();
  }

  /** A key without what the family says already. */
  String rest(String key) {
    return key.substring(prefix.length());
  }
}
