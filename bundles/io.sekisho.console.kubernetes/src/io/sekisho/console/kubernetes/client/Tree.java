package io.sekisho.console.kubernetes.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads fields of objects that are maps; what is not there is empty. */
public final class Tree {
  private Tree() {}

  /** The map of a field. */
  public static Map<?, ?> map(Map<?, ?> of, String... path) {
    Map<?, ?> at = of;
    for (String field : path) {
      at = at.get(field) instanceof Map<?, ?> next ? next : Map.of();
    }
    return at;
  }

  /** The text of a field; numbers are written out. */
  public static String text(Map<?, ?> of, String field) {
    Object value = of.get(field);
    return value == null ? "" : String.valueOf(value);
  }

  /** The whole number of a field. */
  public static int number(Map<?, ?> of, String field, int otherwise) {
    return of.get(field) instanceof Number n ? n.intValue() : otherwise;
  }

  /** The maps of a list. */
  public static List<Map<?, ?>> maps(Map<?, ?> of, String field) {
    List<Map<?, ?>> out = new ArrayList<>();
    if (of.get(field) instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> map) {
          out.add(map);
        }
      }
    }
    return out;
  }

  /** The texts of a list. */
  public static List<String> texts(Map<?, ?> of, String field) {
    return of.get(field) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** The texts of a map. */
  public static Map<String, String> textMap(Map<?, ?> of, String field) {
    Map<String, String> out = new LinkedHashMap<>();
    map(of, field).forEach((k, v) -> out.put(String.valueOf(k), String.valueOf(v)));
    return out;
  }
}
