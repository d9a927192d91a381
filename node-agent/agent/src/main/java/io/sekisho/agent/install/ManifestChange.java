package io.sekisho.agent.install;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Manifests with another image, another API server or another configuration than they came with.
 */
public final class ManifestChange {
  private static final String SERVICE = "KUBERNETES_SERVICE";

  private final List<GenericKubernetesResource> objects;

  /** The manifests; they are changed in place. */
  public ManifestChange(List<GenericKubernetesResource> objects) {
    this.objects = List.copyOf(objects);
  }

  /** The objects as they are now. */
  public List<GenericKubernetesResource> objects() {
    return objects;
  }

  /** All containers run another image. */
  public void image(String image) {
    containers().forEach(container -> put(container, "image", image));
  }

  /** All containers reach the API server there, not by the service {@code kubernetes}. */
  public void apiServer(String host, String port) {
    for (Map<?, ?> container : containers()) {
      var variables = new ArrayList<Object>(Fleet.maps(container.get("env")));
      variables.removeIf(
          v -> v instanceof Map<?, ?> map && Fleet.text(map.get("name")).startsWith(SERVICE));
      variables.add(Map.of("name", SERVICE + "_HOST", "value", host));
      variables.add(Map.of("name", SERVICE + "_PORT", "value", port));
      put(container, "env", variables);
    }
  }

  /** The agents have this configuration, and start again when it changes. */
  public void configuration(String yaml) {
    for (GenericKubernetesResource object : objects) {
      if (object.getKind().equals(Kinds.CONFIG_MAP.kind())) {
        object.setAdditionalProperty("data", Map.of("agent.yaml", yaml));
      }
      template(object)
          .filter(t -> object.getKind().equals(Kinds.DAEMON_SET.kind()))
          .map(t -> t.get("metadata") instanceof Map<?, ?> m ? m.get("annotations") : null)
          .filter(Map.class::isInstance)
          .ifPresent(a -> put((Map<?, ?>) a, "sekisho.io/config", hash(yaml)));
    }
  }

  private static String hash(String text) {
    return Integer.toHexString(text.hashCode());
  }

  private List<Map<?, ?>> containers() {
    var out = new ArrayList<Map<?, ?>>();
    for (GenericKubernetesResource object : objects) {
      template(object)
          .map(t -> t.get("spec"))
          .filter(Map.class::isInstance)
          .map(s -> (Map<?, ?>) s)
          .ifPresent(
              spec -> {
                out.addAll(Fleet.maps(spec.get("initContainers")));
                out.addAll(Fleet.maps(spec.get("containers")));
              });
    }
    return out;
  }

  private static Optional<Map<?, ?>> template(GenericKubernetesResource object) {
    return object.<Object>get("spec", "template") instanceof Map<?, ?> map
        ? Optional.of(map)
        : Optional.empty();
  }

  /** Maps of parsed manifests have texts as keys. */
  @SuppressWarnings("unchecked")
  private static void put(Map<?, ?> map, String key, Object value) {
    ((Map<String, Object>) map).put(key, value);
  }
}
