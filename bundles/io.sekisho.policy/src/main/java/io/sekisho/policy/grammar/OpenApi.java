package io.sekisho.policy.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shapes as structural schemas of Kubernetes (OpenAPI v3). */
final class OpenApi {
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

  private OpenApi() {}

  /** The schema of a shape. */
  static Map<String, Object> of(Shape shape) {
    return switch (shape) {
      case MapShape map -> map(map);
      case Shape.Items items -> items(items);
      case Shape.Text text -> text(text);
      case Shape.Plain plain -> plain(plain);
    };
  }

  private static Map<String, Object> map(MapShape shape) {
    Map<String, Object> out = typed("object");
    var properties = new LinkedHashMap<String, Object>();
    shape.fields().forEach((name, field) -> properties.put(name, of(field)));
    shape.notYet().forEach(name -> properties.put(name, of(Shape.Plain.ANYTHING)));
    if (!properties.isEmpty()) {
      out.put("properties", properties);
    }
    if (!shape.required().isEmpty()) {
      out.put("required", List.copyOf(shape.required()));
    }
    if (shape.single()) {
      out.put("minProperties", 1);
      out.put("maxProperties", 1);
    }
    var checks = new ArrayList<Object>();
    for (MapShape.Check check : shape.checks()) {
      var one = new LinkedHashMap<String, Object>();
      one.put("rule", check.rule());
      one.put("message", check.message());
      checks.add(one);
    }
    if (!checks.isEmpty()) {
      out.put("x-kubernetes-validations", checks);
    }
    return out;
  }

  private static Map<String, Object> items(Shape.Items list) {
    Map<String, Object> out = typed("array");
    if (list.most() > 0) {
      out.put("maxItems", list.most());
    }
    out.put("items", of(list.item()));
    return out;
  }

  private static Map<String, Object> text(Shape.Text text) {
    Map<String, Object> out = typed("string");
    if (!text.words().isEmpty()) {
      out.put("enum", text.words());
    }
    return out;
  }

  private static Map<String, Object> plain(Shape.Plain plain) {
    var out = new LinkedHashMap<String, Object>();
    switch (plain) {
      case TRUTH -> out.put("type", "boolean");
      case NUMBER -> out.put("type", "integer");
      case NUMBER_OR_TEXT -> out.put("x-kubernetes-int-or-string", true);
      case LABELS -> {
        out.put("type", "object");
        out.put("additionalProperties", typed("string"));
      }
      case ANYTHING -> out.put(PRESERVE, true);
    }
    return out;
  }

  private static Map<String, Object> typed(String type) {
    var out = new LinkedHashMap<String, Object>();
    out.put("type", type);
    return out;
  }
}
