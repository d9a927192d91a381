package io.sekisho.console.kubernetes.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Objects as an operator would write them: without what the API server and kubectl add. */
public final class ObjectYaml {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private static final DumpSettings STYLE =
      DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();

  private ObjectYaml() {}

  /** The object as YAML; fields that have no order of their own are sorted. */
  public static String of(GenericKubernetesResource object) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("apiVersion", object.getApiVersion());
    out.put("kind", object.getKind());
    out.put("metadata", metadata(object.getMetadata()));
    object.getAdditionalProperties().entrySet().stream()
        .filter(e -> !e.getKey().equals("status"))
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> out.put(e.getKey(), e.getValue()));
    return new Dump(STYLE).dumpToString(out);
  }

  private static Map<String, Object> metadata(ObjectMeta meta) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", meta.getName());
    if (meta.getNamespace() != null) {
      out.put("namespace", meta.getNamespace());
    }
    put(out, "labels", meta.getLabels());
    put(out, "annotations", meta.getAnnotations());
    return out;
  }

  private static void put(Map<String, Object> out, String field, Map<String, String> values) {
    Map<String, String> kept = new TreeMap<>(Optional.ofNullable(values).orElse(Map.of()));
    kept.remove(LAST_APPLIED);
    if (!kept.isEmpty()) {
      out.put(field, kept);
    }
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
