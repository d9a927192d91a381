package io.sekisho.agent.kubernetes;

import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.policy.Kind;
import java.util.ArrayList;
import java.util.List;

/** Under which names of the API the kinds of documents are found. */
final class PolicyKinds {
  private PolicyKinds() {}

  /** The kinds that are read from the API server: all. */
  static List<Kind> read() {
    return List.of(
        Kind.NETWORK_POLICY,
        Kind.CILIUM,
        Kind.CILIUM_CLUSTERWIDE,
        Kind.CLUSTER_NETWORK_POLICY,
        Kind.ADMIN_NETWORK_POLICY,
        Kind.BASELINE_ADMIN_NETWORK_POLICY,
        Kind.EXPECTATION,
        Kind.PREFIX_LIST);
  }

  /** A kind in each of its versions, the preferred one first. */
  static List<ResourceKind> resources(Kind kind) {
    var out = new ArrayList<ResourceKind>();
    for (String version : kind.versions()) {
      int slash = version.indexOf('/');
      out.add(
          new ResourceKind(
              version.substring(0, slash),
              version.substring(slash + 1),
              kind.text(),
              kind.plural(),
              kind.namespaced()));
    }
    return List.copyOf(out);
  }
}
