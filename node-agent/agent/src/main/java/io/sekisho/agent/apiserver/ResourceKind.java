package io.sekisho.agent.apiserver;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * A kind of objects of the API.
 *
 * @param group empty for the core group
 * @param version for example {@code v1}
 * @param kind the word in objects
 * @param plural the word in paths
 * @param namespaced whether objects belong to a namespace
 */
public record ResourceKind(
    String group, String version, String kind, String plural, boolean namespaced) {
  /** Pods. */
  public static final ResourceKind POD = new ResourceKind("", "v1", "Pod", "pods", true);

  /** Namespaces. */
  public static final ResourceKind NAMESPACE =
      new ResourceKind("", "v1", "Namespace", "namespaces", false);

  /** Nodes. */
  public static final ResourceKind NODE = new ResourceKind("", "v1", "Node", "nodes", false);

  /** Services. */
  public static final ResourceKind SERVICE =
      new ResourceKind("", "v1", "Service", "services", true);

  /** Where a service's traffic goes. */
  public static final ResourceKind ENDPOINT_SLICE =
      new ResourceKind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true);

  /** Events: what happened to an object, in a sentence. */
  public static final ResourceKind EVENT = new ResourceKind("", "v1", "Event", "events", true);

  /** Leases: who holds something, and until when. */
  public static final ResourceKind LEASE =
      new ResourceKind("coordination.k8s.io", "v1", "Lease", "leases", true);

  /** What objects of the kind have as {@code apiVersion}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The rule of a role that lets an agent follow the kind. */
  public String followRule() {
    return "apiGroups [\"" + group + "\"], resources [" + plural + "], verbs [list, watch]";
  }

  /** An object that has nothing but its name. */
  GenericKubernetesResource named(String namespace, String name) {
    var meta = new ObjectMeta();
    meta.setName(name);
    if (namespaced) {
      meta.setNamespace(namespace);
    }
    var out = new GenericKubernetesResource();
    out.setApiVersion(apiVersion());
    out.setKind(kind);
    out.setMetadata(meta);
    return out;
  }

  ResourceDefinitionContext context() {
    var builder =
        new ResourceDefinitionContext.Builder()
            .withVersion(version)
            .withKind(kind)
            .withPlural(plural)
            .withNamespaced(namespaced);
    return group.isEmpty() ? builder.build() : builder.withGroup(group).build();
  }

  /** For messages: {@code ciliumnetworkpolicies.cilium.io}. */
  @Override
  public String toString() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
