package io.sekisho.console.kubernetes.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.sekisho.policy.ObjectText;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects as an operator would write them: without what the API server and kubectl add. */
public final class ObjectYaml {
  private ObjectYaml() {}

  /** The object as YAML, as agents read it. */
  public static String of(GenericKubernetesResource object) {
    ObjectMeta meta = object.getMetadata();
    return ObjectText.of(
        object.getApiVersion(),
        object.getKind(),
        Optional.ofNullable(meta.getNamespace()).orElse(""),
        meta.getName(),
        Optional.ofNullable(meta.getLabels()).orElse(Map.of()),
        Optional.ofNullable(meta.getAnnotations()).orElse(Map.of()),
        object.getAdditionalProperties());
  }

  /** Who owns fields of the object, in alphabetical order. */
  public static List<String> managers(GenericKubernetesResource object) {
    return Optional.ofNullable(object.getMetadata().getManagedFields()).orElse(List.of()).stream()
        .filter(f -> f.getSubresource() == null || f.getSubresource().isEmpty())
        .map(ManagedFieldsEntry::getManager)
        .distinct()
        .sorted()
        .toList();
  }
}
