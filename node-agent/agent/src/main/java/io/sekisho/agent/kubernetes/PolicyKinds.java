package io.sekisho.agent.kubernetes;

import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.policy.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Under which names of the API the kinds of documents are found. */
final class PolicyKinds {
  private PolicyKinds() {}

  /** The kinds that are read from the API server: all that decide something. */
  static List<Kind> read() {
    return List.of(
        Kind.NETWORK_POLICY,
        Kind.CILIUM,
        Kind.CILIUM_CLUSTERWIDE,
        Kind.CLUSTER_NETWORK_POLICY,
        Kind.ADMIN_NETWORK_POLICY,
        Kind.BASELINE_ADMIN_NETWORK_POLICY);
  }

  /** A kind in each of its versions, the preferred one first. */
  static List<ResourceKind> resources(Kind kind) {
    String word = kind.text();
    String lower = word.toLowerCase(Locale.ROOT);
    String plural = lower.substring(0, lower.length() - 1) + "ies";
    var out = new ArrayList<ResourceKind>();
    for (String version : kind.versions()) {
      int slash = version.indexOf('/');
      out.add(
          new ResourceKind(
              version.substring(0, slash),
              version.substring(slash + 1),
              word,
              plural,
              kind.namespaced()));
    }
    return List.copyOf(out);
  }
}
