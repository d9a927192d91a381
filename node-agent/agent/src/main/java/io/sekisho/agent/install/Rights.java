package io.sekisho.agent.install;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.Administration;
import io.sekisho.agent.apiserver.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What whoever installs or removes must be allowed to do, asked of the API server right by right.
 * It gives nobody a role that says more than he may himself, unless he may escalate roles and bind
 * them.
 */
final class Rights {
  private final Administration api;
  private final String namespace;

  /** Rights in a cluster, and in the namespace where Sekisho is. */
  Rights(Administration api, String namespace) {
    this.api = api;
    this.namespace = namespace;
  }

  /**
   * What an installation asks for and is refused.
   *
   * @param manifests what it applies
   */
  List<String> refusedToInstall(List<GenericKubernetesResource> manifests) {
    List<String> out = refused(List.of("create", "patch"));
    refused("list", ResourceKind.NODE).ifPresent(out::add);
    if (!all("escalate", "bind")) {
      out.addAll(beyond(manifests));
    }
    return out;
  }

  /** What a removal asks for and is refused. */
  List<String> refusedToRemove() {
    List<String> out = refused(List.of("delete"));
    for (String verb : List.of("create", "patch")) {
      refused(verb, Kinds.DAEMON_SET).ifPresent(out::add);
    }
    refused("list", ResourceKind.NODE).ifPresent(out::add);
    refused("list", ResourceKind.POD).ifPresent(out::add);
    refused("patch", Kinds.NODE_STATUS).ifPresent(out::add);
    return out;
  }

  private List<String> refused(List<String> verbs) {
    var out = new ArrayList<String>();
    for (ResourceKind kind : Kinds.MADE) {
      verbs.forEach(verb -> refused(verb, kind).ifPresent(out::add));
    }
    return out;
  }

  private Optional<String> refused(String verb, ResourceKind kind) {
    return api.may(verb, kind, namespace) ? Optional.empty() : Optional.of(verb + " " + kind);
  }

  private boolean all(String... verbs) {
    for (String verb : verbs) {
      if (!api.may(verb, Kinds.CLUSTER_ROLE, "") || !api.may(verb, Kinds.ROLE, namespace)) {
        return false;
      }
    }
    return true;
  }

  /** What the roles of manifests say and we may not do ourselves. */
  private List<String> beyond(List<GenericKubernetesResource> manifests) {
    var out = new TreeSet<String>();
    for (GenericKubernetesResource role : manifests) {
      boolean everywhere = role.getKind().equals(Kinds.CLUSTER_ROLE.kind());
      if (everywhere || role.getKind().equals(Kinds.ROLE.kind())) {
        Fleet.maps(role.get("rules")).forEach(rule -> beyond(rule, everywhere, out));
      }
    }
    return out.stream().map(right -> "give agents the right to " + right).toList();
  }

  private void beyond(Map<?, ?> rule, boolean everywhere, TreeSet<String> out) {
    for (String group : texts(rule.get("apiGroups"))) {
      for (String resource : texts(rule.get("resources"))) {
        var kind = new ResourceKind(group, "", resource, resource, !everywhere);
        for (String verb : texts(rule.get("verbs"))) {
          if (!api.may(verb, kind, namespace)) {
            out.add(verb + " " + kind);
          }
        }
      }
    }
  }

  private static List<String> texts(@Nullable Object list) {
    return list instanceof List<?> all ? all.stream().map(String::valueOf).toList() : List.of();
  }
}
