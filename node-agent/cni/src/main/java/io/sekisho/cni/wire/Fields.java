package io.sekisho.cni.wire;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values for fields that a JSON text left out or set to null. */
final class Fields {
  private Fields() {}

  static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  static <T> List<T> list(@Nullable List<T> list) {
    return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
  }

  static Map<String, String> map(@Nullable Map<String, String> map) {
    if (map == null) {
      return Map.of();
    }
    var known = new HashMap<>(map);
    known.values().removeIf(Objects::isNull);
    return Map.copyOf(known);
  }

  static <T> T orElse(@Nullable T value, T other) {
    return value == null ? other : value;
  }
}
