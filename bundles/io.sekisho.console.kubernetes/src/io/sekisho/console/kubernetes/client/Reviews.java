package io.sekisho.console.kubernetes.client;

import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.kubernetes.Access;
import io.sekisho.console.core.kubernetes.Deed;
import io.sekisho.console.core.kubernetes.Deed.Where;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Asks the API server what we may do, by SelfSubjectAccessReview. */
public final class Reviews {
  private static final String PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

  private final ApiClient api;
  private final KubernetesContext context;
  private final Optional<String> own;

  /**
   * Nothing is asked yet.
   *
   * @param own the namespace of the kubeconfig's context, if it is known
   */
  public Reviews(ApiClient api, KubernetesContext context, Optional<String> own) {
    this.api = api;
    this.context = context;
    this.own = own;
  }

  /**
   * Asks about every deed.
   *
   * @throws ConsoleException if the API server does not answer
   */
  public Access all() {
    Map<Deed, String> refused = new EnumMap<>(Deed.class);
    for (Deed deed : Deed.values()) {
      boolean asked = deed != Deed.READ_CERTIFICATE || !context.secret().isEmpty();
      if (asked && !allowed(deed) && !allowedAtHome(deed)) {
        String where =
            deed.where() == Where.AT_AGENTS ? " in " + context.namespace() : deed.where().words();
        refused.put(deed, "You may not " + deed.permission() + where + ".");
      }
    }
    return new Access(refused, true);
  }

  private boolean allowed(Deed deed) {
    Map<String, Object> what = attributes(deed.verb(), deed.group(), deed.resource());
    if (!deed.subresource().isEmpty()) {
      what.put("subresource", deed.subresource());
    }
    if (deed.where() == Where.AT_AGENTS) {
      what.put("namespace", context.namespace());
    }
    if (deed == Deed.READ_CERTIFICATE) {
      what.put("name", context.secret());
    }
    return allowed(what);
  }

  private boolean allowedAtHome(Deed deed) {
    Map<String, Object> what = attributes(deed.verb(), deed.group(), deed.resource());
    own.ifPresent(namespace -> what.put("namespace", namespace));
    return deed.where() == Where.SOMEWHERE && own.isPresent() && allowed(what);
  }

  /**
   * Whether we may do something to an object.
   *
   * @param verb of RBAC
   * @param namespace empty for objects of the whole cluster
   * @param name empty for any object
   */
  public boolean may(String verb, ObjectKind kind, String namespace, String name) {
    Map<String, Object> what = attributes(verb, kind.group(), kind.plural());
    if (!namespace.isEmpty()) {
      what.put("namespace", namespace);
    }
    if (!name.isEmpty()) {
      what.put("name", name);
    }
    return allowed(what);
  }

  /**
   * Whether we may follow a kind.
   *
   * @param namespace empty for all
   */
  public boolean mayFollow(ObjectKind kind, String namespace) {
    Map<String, Object> what = attributes("list", kind.group(), kind.plural());
    if (!namespace.isEmpty()) {
      what.put("namespace", namespace);
    }
    return allowed(what);
  }

  private static Map<String, Object> attributes(String verb, String group, String resource) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("verb", verb);
    attributes.put("group", group);
    attributes.put("resource", resource);
    return attributes;
  }

  private boolean allowed(Map<String, Object> what) {
    Map<String, Object> review =
        Map.of(
            "apiVersion",
            "authorization.k8s.io/v1",
            "kind",
            "SelfSubjectAccessReview",
            "spec",
            Map.of("resourceAttributes", what));
    var serialization = api.fabric8().getKubernetesSerialization();
    String answer =
        api.call(
            "The question what we may do",
            () -> api.fabric8().raw(PATH, "POST", serialization.asJson(review)));
    Map<?, ?> read = serialization.unmarshal(answer, Map.class);
    return Boolean.TRUE.equals(Tree.map(read, "status").get("allowed"));
  }
}
