package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads the untyped fields of objects; what is missing or of another type is empty. */
final class Fields {
  private Fields() {}

  /** The mapping at a path below the object. */
  static Map<?, ?> map(GenericKubernetesResource object, Object... path) {
    return object.<Object>get(path) instanceof Map<?, ?> map ? map : Map.of();
  }

  static Map<?, ?> map(Map<?, ?> parent, String key) {
    return parent.get(key) instanceof Map<?, ?> map ? map : Map.of();
  }

  static List<?> list(Map<?, ?> parent, String key) {
    return parent.get(key) instanceof List<?> list ? list : List.of();
  }

  /** The elements of a list that are mappings. */
  static List<? extends Map<?, ?>> maps(Map<?, ?> parent, String key) {
    return list(parent, key).stream()
        .filter(Map.class::isInstance)
        .map(element -> (Map<?, ?>) element)
        .toList();
  }

  static String text(Map<?, ?> parent, String key) {
    Object value = parent.get(key);
    return value == null ? "" : value.toString();
  }

  /** A whole number within bounds; empty for any other, since the API server lets some pass. */
  static OptionalInt number(Map<?, ?> parent, String key, int min, int max) {
    return parent.get(key) instanceof Number number
            && number.longValue() >= min
            && number.longValue() <= max
        ? OptionalInt.of(number.intValue())
        : OptionalInt.empty();
  }

  static boolean flag(Map<?, ?> parent, String key) {
    return Boolean.TRUE.equals(parent.get(key));
  }

  /** A mapping of texts, without what is no text. */
  static Map<String, String> texts(Map<?, ?> map) {
    var out = new HashMap<String, String>();
    map.forEach(
        (key, value) -> {
          if (key instanceof String k && value instanceof String v) {
            out.put(k, v);
          }
        });
    return Map.copyOf(out);
  }

  /** A mapping that may be absent, as an immutable copy. */
  static Map<String, String> copy(@Nullable Map<String, String> labels) {
    return labels == null ? Map.of() : Map.copyOf(labels);
  }

  /** A copy in its order, without some keys. */
  static Map<String, Object> without(Map<?, ?> map, List<String> keys) {
    var out = new LinkedHashMap<String, Object>();
    map.forEach(
        (key, value) -> {
          if (key instanceof String text && !keys.contains(text) && value != null) {
            out.put(text, value);
          }
        });
    return out;
  }
}
