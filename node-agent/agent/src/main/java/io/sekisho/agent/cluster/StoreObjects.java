package io.sekisho.agent.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.sekisho.agent.cluster.ClusterStore.Entry;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values as custom resources. An object's {@code spec} has {@code key}, {@code value}
 * (Base64, left out where empty) and, for a value that lives as long as its writer, {@code
 * session}; a slice has a list {@code entries} of such. An object's name is the rest of its key
 * where that can be one, else a hash of it.
 */
final class StoreObjects {
  /** RFC 1123 as the API checks names, with room for a prefix. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?");

  private static final String HASHED = "x-";

  /** Endpoints whose numbers differ only in the lower bits share a slice. */
  private static final int SLICE = 64;

  /** The value of one key. */
  record Value(byte[] value, String session) {}

  private StoreObjects() {}

  /** Name of the object that holds a key. */
  static String name(StoreFamily family, String key) {
    String rest = family.sliced() ? slice(family.rest(key)) : family.rest(key);
    return NAME.matcher(rest).matches() && !rest.startsWith(HASHED) ? rest : HASHED + hash(rest);
  }

  /** {@code n1/130} lies in slice {@code n1.2}. */
  private static String slice(String rest) {
    int slash = rest.lastIndexOf('/');
    try {
      int id = Integer.parseInt(rest.substring(slash + 1));
      return slash < 0 ? rest : rest.substring(0, slash) + "." + id / SLICE;
    } catch (NumberFormatException e) {
      return rest;
    }
  }

  /** 128 bits of SHA-256 (FIPS 180-4) as hex. */
  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The object of one key. */
  static GenericKubernetesResource object(
      StoreFamily family, String namespace, String key, Value value, String version) {
    return object(family, namespace, name(family, key), version, fields(key, value));
  }

  /** A slice. */
  static GenericKubernetesResource slice(
      StoreFamily family,
      String namespace,
      String name,
      SortedMap<String, Value> values,
      String version) {
    List<Map<String, Object>> entries = new ArrayList<>();
    values.forEach((key, value) -> entries.add(fields(key, value)));
    return object(family, namespace, name, version, Map.of("entries", entries));
  }

  private static GenericKubernetesResource object(
      StoreFamily family, String namespace, String name, String version, Map<String, Object> spec) {
    var builder =
        new GenericKubernetesResourceBuilder()
            .withApiVersion(family.kind().apiVersion())
            .withKind(family.kind().kind())
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .withAdditionalProperties(Map.of("spec", spec));
    return version.isEmpty()
        ? builder.build()
        : builder.editMetadata().withResourceVersion(version).endMetadata().build();
  }

  private static Map<String, Object> fields(String key, Value value) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("key", key);
    if (value.value().length > 0) {
      fields.put("value", Base64.getEncoder().encodeToString(value.value()));
    }
    if (!value.session().isEmpty()) {
      fields.put("session", value.session());
    }
    return fields;
  }

  /**
   * Everything that an object holds.
   *
   * @throws ClusterStoreException with CORRUPT if it is none of ours
   */
  static SortedMap<String, Value> values(GenericKubernetesResource object) {
    var out = new TreeMap<String, Value>();
    Object spec = object.getAdditionalProperties().getOrDefault("spec", Map.of());
    if (spec instanceof Map<?, ?> map && map.get("entries") instanceof List<?> entries) {
      entries.forEach(fields -> add(fields, object, out));
    } else {
      add(spec, object, out);
    }
    return out;
  }

  private static void add(Object fields, GenericKubernetesResource object, Map<String, Value> out) {
    if (fields instanceof Map<?, ?> map && map.get("key") instanceof String key) {
      String value = map.get("value") instanceof String text ? text : "";
      try {
        String session = map.get("session") instanceof String name ? name : "";
        out.put(key, new Value(Base64.getDecoder().decode(value), session));
        return;
      } catch (IllegalArgumentException e) {
        throw corrupt(object, e);
      }
    }
    throw corrupt(object, null);
  }

  private static ClusterStoreException corrupt(
      GenericKubernetesResource object, @Nullable Throwable cause) {
    String message =
        object.getKind() + " " + object.getMetadata().getName() + " is not as Sekisho writes it";
    return cause == null
        ? new ClusterStoreException(Code.CORRUPT, message)
        : new ClusterStoreException(Code.CORRUPT, message, cause);
  }

  /** Everything that an object holds, with the object's version. */
  static List<Entry> entries(GenericKubernetesResource object) {
    long version = version(object);
    return values(object).entrySet().stream()
        .map(e -> new Entry(e.getKey(), e.getValue().value(), version))
        .toList();
  }

  /** Versions are numbers that grow: they are etcd's modification revisions. */
  static long version(GenericKubernetesResource object) {
    return Long.parseLong(object.getMetadata().getResourceVersion());
  }
}
