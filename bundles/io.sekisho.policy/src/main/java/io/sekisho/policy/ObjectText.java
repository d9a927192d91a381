package io.sekisho.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * An object of the Kubernetes API as its author would write it: without what the server, its
 * controllers and kubectl add. Agents compile this text and the console shows it, so a line means
 * the same to both; the same object always makes the same text, on whichever node.
 */
public final class ObjectText {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private static final DumpSettings BLOCK =
      DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();

  private ObjectText() {}

  /**
   * The text.
   *
   * @param namespace empty for an object of the whole cluster
   * @param fields the other fields of the object; {@code status} is left out, as are those without
   *     a value
   */
  public static String of(
      String apiVersion,
      String kind,
      String namespace,
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      Map<String, ?> fields) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    put(metadata, "labels", labels);
    put(metadata, "annotations", annotations);
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("apiVersion", apiVersion);
    out.put("kind", kind);
    out.put("metadata", metadata);
    // what has no order of its own is sorted
    new TreeMap<>(fields)
        .forEach(
            (field, value) -> {
              if (value != null && !field.equals("status")) {
                out.put(field, value);
              }
            });
    return new Dump(BLOCK).dumpToString(out);
  }

  private static void put(Map<String, Object> out, String field, Map<String, String> values) {
    Map<String, String> kept = new TreeMap<>(values);
    kept.remove(LAST_APPLIED);
    if (!kept.isEmpty()) {
      out.put(field, kept);
    }
  }
}
