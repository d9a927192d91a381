package io.sekisho.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of documents that are read. */
public enum Kind {
  /** Cilium's policy about endpoints of its namespace. */
  CILIUM("CiliumNetworkPolicy", true, "cilium.io/v2"),
  /** Cilium's policy about endpoints of all namespaces. */
  CILIUM_CLUSTERWIDE("CiliumClusterwideNetworkPolicy", false, "cilium.io/v2"),
  /** Kubernetes' policy about pods of its namespace. */
  NETWORK_POLICY("NetworkPolicy", true, "networking.k8s.io/v1"),
  /** The administrators' policy of either tier. */
  CLUSTER_NETWORK_POLICY(
      "ClusterNetworkPolicy",
      false,
      "policy.networking.k8s.io/v1alpha2",
      "policy.networking.k8s.io/v1beta1"),
  /** The administrators' policy that goes before all. */
  ADMIN_NETWORK_POLICY("AdminNetworkPolicy", false, "policy.networking.k8s.io/v1alpha1"),
  /** The administrators' policy that goes behind all. */
  BASELINE_ADMIN_NETWORK_POLICY(
      "BaselineAdminNetworkPolicy", false, "policy.networking.k8s.io/v1alpha1"),
  /** What must or must not be able to talk: nothing that is enforced, but proved. */
  EXPECTATION("Expectation", false, "sekisho.io/v1"),
  /** Addresses outside that may send nothing. */
  PREFIX_LIST("PrefixList", false, "sekisho.io/v1");

  private final String text;
  private final boolean namespaced;
  private final List<String> versions;

  Kind(String text, boolean namespaced, String... versions) {
    this.text = text;
    this.namespaced = namespaced;
    this.versions = List.of(versions);
  }

  /** The word in documents. */
  public String text() {
    return text;
  }

  /** The word in paths of the Kubernetes API: {@code networkpolicies}. */
  public String plural() {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.endsWith("y") ? lower.substring(0, lower.length() - 1) + "ies" : lower + "s";
  }

  /** Whether documents of the kind belong to a namespace. */
  public boolean namespaced() {
    return namespaced;
  }

  /** The API versions that are read, the usual one first. */
  public List<String> versions() {
    return versions;
  }

  /** The kind of a word, empty if there is none. */
  public static Optional<Kind> of(String text) {
    return Arrays.stream(values()).filter(k -> k.text.equals(text)).findFirst();
  }

  /** Every word. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Kind::text).toList();
  }
}
