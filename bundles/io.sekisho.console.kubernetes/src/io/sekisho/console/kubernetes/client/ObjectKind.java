package io.sekisho.console.kubernetes.client;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.sekisho.policy.Kind;
import java.util.ArrayList;
import java.util.List;

/** A kind of objects, as the API server calls it. */
public record ObjectKind(
    String group, String version, String kind, String plural, boolean namespaced) {
  /** Pods. */
  public static final ObjectKind POD = core("Pod", "pods", true);

  /** Services. */
  public static final ObjectKind SERVICE = core("Service", "services", true);

  /** Events. */
  public static final ObjectKind EVENT = core("Event", "events", true);

  /** Nodes. */
  public static final ObjectKind NODE = core("Node", "nodes", false);

  /** Namespaces. */
  public static final ObjectKind NAMESPACE = core("Namespace", "namespaces", false);

  /** Deployments. */
  public static final ObjectKind DEPLOYMENT = apps("Deployment", "deployments");

  /** Stateful sets. */
  public static final ObjectKind STATEFUL_SET = apps("StatefulSet", "statefulsets");

  /** Daemon sets. */
  public static final ObjectKind DAEMON_SET = apps("DaemonSet", "daemonsets");

  private static ObjectKind core(String kind, String plural, boolean namespaced) {
    return new ObjectKind("", "v1", kind, plural, namespaced);
  }

  private static ObjectKind apps(String kind, String plural) {
    return new ObjectKind("apps", "v1", kind, plural, true);
  }

  /** A kind of documents in each of its versions, the usual one first. */
  public static List<ObjectKind> of(Kind kind) {
    List<ObjectKind> out = new ArrayList<>();
    for (String version : kind.versions()) {
      int slash = version.indexOf('/');
      out.add(
          new ObjectKind(
              version.substring(0, slash),
              version.substring(slash + 1),
              kind.text(),
              kind.plural(),
              kind.namespaced()));
    }
    return List.copyOf(out);
  }

  /** Kinds of documents that an API server may have. */
  public static List<Kind> policies() {
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

  /** What objects of the kind have as {@code apiVersion}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  ResourceDefinitionContext definition() {
    var builder =
        new ResourceDefinitionContext.Builder()
            .withVersion(version)
            .withKind(kind)
            .withPlural(plural)
            .withNamespaced(namespaced);
    return group.isEmpty() ? builder.build() : builder.withGroup(group).build();
  }
}
