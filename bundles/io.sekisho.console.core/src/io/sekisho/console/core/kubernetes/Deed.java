package io.sekisho.console.core.kubernetes;

import io.sekisho.policy.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the console does at an API server, each with the permission that it needs. */
public enum Deed {
  /** Pods of all namespaces. */
  SEE_PODS("list", "pods", "", Where.EVERYWHERE),
  /** Finding the agents. */
  FIND_AGENTS("list", "pods", "", Where.AT_AGENTS),
  /** Reaching the agents through the API server. */
  FORWARD("create", "pods", "portforward", Where.AT_AGENTS),
  /** Reading our certificate for the agents. */
  READ_CERTIFICATE("get", "secrets", "", Where.AT_AGENTS),
  /** Changing Kubernetes' own policies. */
  APPLY_NETWORK_POLICIES(Kind.NETWORK_POLICY),
  /** Changing Cilium's policies of namespaces. */
  APPLY_CILIUM_POLICIES(Kind.CILIUM),
  /** Changing Cilium's policies of the cluster. */
  APPLY_CLUSTERWIDE_POLICIES(Kind.CILIUM_CLUSTERWIDE),
  /** Changing the administrators' policies. */
  APPLY_CLUSTER_NETWORK_POLICIES(Kind.CLUSTER_NETWORK_POLICY),
  /** Changing the administrators' policies that go before all. */
  APPLY_ADMIN_POLICIES(Kind.ADMIN_NETWORK_POLICY),
  /** Changing the administrators' policies that go behind all. */
  APPLY_BASELINE_POLICIES(Kind.BASELINE_ADMIN_NETWORK_POLICY),
  /** Changing expectations. */
  APPLY_EXPECTATIONS(Kind.EXPECTATION),
  /** Changing lists of denied prefixes. */
  APPLY_PREFIX_LISTS(Kind.PREFIX_LIST);

  /** Where the permission must hold. */
  public enum Where {
    /** In all namespaces. */
    EVERYWHERE(" in all namespaces"),
    /** In all namespaces, or in the context's own to begin with. */
    SOMEWHERE(" in all namespaces"),
    /** In the namespace of the agents. */
    AT_AGENTS(""),
    /** For objects that are of no namespace. */
    IN_CLUSTER("");

    private final String words;

    Where(String words) {
      this.words = words;
    }

    /** As the end of a sentence; empty where the place is not always the same. */
    public String words() {
      return words;
    }
  }

  private final String verb;
  private final String group;
  private final String resource;
  private final String subresource;
  private final Where where;
  private final Optional<Kind> kind;

  Deed(String verb, String resource, String subresource, Where where) {
    this.verb = verb;
    this.group = "";
    this.resource = resource;
    this.subresource = subresource;
    this.where = where;
    this.kind = Optional.empty();
  }

  Deed(Kind kind) {
    this.verb = "patch";
    this.group = kind.versions().getFirst().replaceFirst("/.*", "");
    this.resource = kind.plural();
    this.subresource = "";
    this.where = kind.namespaced() ? Where.SOMEWHERE : Where.IN_CLUSTER;
    this.kind = Optional.of(kind);
  }

  /** Changing objects of a kind of documents. */
  public static Optional<Deed> applying(Kind kind) {
    return Arrays.stream(values()).filter(d -> d.kind.filter(kind::equals).isPresent()).findFirst();
  }

  /** Changing objects, of every kind of documents. */
  public static List<Deed> applying() {
    return Arrays.stream(values()).filter(d -> d.kind.isPresent()).toList();
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

  /** Where it must be allowed. */
  public Where where() {
    return where;
  }

  /** The permission as RBAC writes it: {@code create pods/portforward}. */
  public String permission() {
    String part = subresource.isEmpty() ? resource : resource + "/" + subresource;
    return verb + " " + (group.isEmpty() ? part : part + " (" + group + ")");
  }
}
