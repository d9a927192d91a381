package io.sekisho.lab.matrix;

/** Documents of each kind around a spec in YAML's flow style. */
final class Draft {
  private static final String AUDIT = "annotations: {sekisho.io/enforcement: audit}, ";

  private Draft() {}

  /** A NetworkPolicy; the path is {@code namespace/name}. */
  static String np(String path, String spec) {
    return document("networking.k8s.io/v1", "NetworkPolicy", metadata(path), spec);
  }

  /** A CiliumNetworkPolicy; the path is {@code namespace/name}. */
  static String cnp(String path, String spec) {
    return document("cilium.io/v2", "CiliumNetworkPolicy", metadata(path), spec);
  }

  /** A CiliumNetworkPolicy of several specs. */
  static String specs(String path, String... specs) {
    return cnp(path, "[" + String.join(", ", specs) + "]").replace("\nspec:", "\nspecs:");
  }

  /** A CiliumClusterwideNetworkPolicy. */
  static String ccnp(String name, String spec) {
    return document("cilium.io/v2", "CiliumClusterwideNetworkPolicy", metadata(name), spec);
  }

  /** An AdminNetworkPolicy. */
  static String admin(String name, int priority, String subject, String rules) {
    return document(
        "policy.networking.k8s.io/v1alpha1",
        "AdminNetworkPolicy",
        metadata(name),
        "{priority: %d, subject: %s, %s}".formatted(priority, subject, rules));
  }

  /** The BaselineAdminNetworkPolicy. */
  static String baseline(String subject, String rules) {
    return document(
        "policy.networking.k8s.io/v1alpha1",
        "BaselineAdminNetworkPolicy",
        metadata("default"),
        "{subject: %s, %s}".formatted(subject, rules));
  }

  /** A ClusterNetworkPolicy. */
  static String cluster(String name, String tier, int priority, String subject, String rules) {
    return document(
        "policy.networking.k8s.io/v1alpha2",
        "ClusterNetworkPolicy",
        metadata(name),
        "{tier: %s, priority: %d, subject: %s, %s}".formatted(tier, priority, subject, rules));
  }

  /** The same document under audit. */
  static String audited(String document) {
    return document.replace("metadata: {", "metadata: {" + AUDIT);
  }

  private static String metadata(String path) {
    int slash = path.indexOf('/');
    return slash < 0
        ? "name: " + path
        : "namespace: " + path.substring(0, slash) + ", name: " + path.substring(slash + 1);
  }

  private static String document(String version, String kind, String metadata, String spec) {
    return "apiVersion: %s\nkind: %s\nmetadata: {%s}\nspec: %s\n"
        .formatted(version, kind, metadata, spec);
  }
}
