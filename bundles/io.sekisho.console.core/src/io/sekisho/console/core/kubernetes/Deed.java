package io.sekisho.console.core.kubernetes;

/** What the console does at an API server, each with the permission that it needs. */
public enum Deed {
  /** Pods of all namespaces. */
  SEE_PODS("list", "", "pods", "", false),
  /** Finding the agents. */
  FIND_AGENTS("list", "", "pods", "", true),
  /** Reaching the agents through the API server. */
  FORWARD("create", "", "pods", "portforward", true),
  /** Reading our certificate for the agents. */
  READ_CERTIFICATE("get", "", "secrets", "", true),
  /** Changing Kubernetes' own policies, in all namespaces or at least in the context's own. */
  APPLY_NETWORK_POLICIES("patch", "networking.k8s.io", "networkpolicies", "", false),
  /** Changing Cilium's policies, in all namespaces or at least in the context's own. */
  APPLY_CILIUM_POLICIES("patch", "cilium.io", "ciliumnetworkpolicies", "", false);

  private final String verb;
  private final String group;
  private final String resource;
  private final String subresource;
  private final boolean ofAgents;

  Deed(String verb, String group, String resource, String subresource, boolean ofAgents) {
    this.verb = verb;
    this.group = group;
    this.resource = resource;
    this.subresource = subresource;
    this.ofAgents = ofAgents;
  }

  /** The verb of RBAC. */
  public String verb() {
    return verb;
  }

  /** The API group, empty for the core. */
  public String group() {
    return group;
  }

  /** The plural of the kind. */
  public String resource() {
    return resource;
  }

  /** The part of the object, empty for the whole. */
  public String subresource() {
    return subresource;
  }

  /** Whether only the agents' namespace is meant. */
  public boolean ofAgents() {
    return ofAgents;
  }

  /** Whether one namespace is enough to begin with. */
  public boolean byNamespace() {
    return this == APPLY_NETWORK_POLICIES || this == APPLY_CILIUM_POLICIES;
  }

  /** The permission as RBAC writes it: {@code create pods/portforward}. */
  public String permission() {
    String part = subresource.isEmpty() ? resource : resource + "/" + subresource;
    return verb + " " + (group.isEmpty() ? part : part + " (" + group + ")");
  }
}
