package io.sekisho.cni;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The network configuration that the runtime writes to the plugin's standard input.
 *
 * @param version cniVersion: the version of the specification that the answer follows
 * @param name the network's name
 * @param agentSocket where the node's agent listens
 * @param previous prevResult as it came; empty object without one
 * @param labels {@code args.cni.labels} as {@code key=value,...}; empty without them
 * @param validAttachments {@code cni.dev/valid-attachments} of GC; empty if there is no such list
 */
record NetworkConfiguration(
    String version,
    String name,
    Path agentSocket,
    JsonObject previous,
    String labels,
    Optional<JsonArray> validAttachments) {
  /** Versions of the specification whose results we print, newest last. */
  static final List<String> VERSIONS = List.of("0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0");

  /** The plugin's name, which `type` must be. */
  static final String TYPE = "sekisho";

  private static final Path DEFAULT_SOCKET = Path.of("/run/sekisho/cni.sock");

  /**
   * Reads a configuration.
   *
   * @throws CniException with DECODING_FAILURE, INCOMPATIBLE_VERSION or INVALID_CONFIGURATION
   */
  static NetworkConfiguration parse(String json) {
    JsonObject root = object(json);
    String version = version(root);
    if (!VERSIONS.contains(version)) {
      throw new CniException(
          Code.INCOMPATIBLE_VERSION,
          "cniVersion " + version + " is not supported, supported are " + VERSIONS);
    }
    String type = string(root, "type", TYPE);
    if (!type.equals(TYPE)) {
      throw invalid("type is \"" + type + "\", this plugin is \"" + TYPE + "\"");
    }
    String name = string(root, "name", "");
    if (name.isEmpty()) {
      throw invalid("name is missing");
    }
    return new NetworkConfiguration(
        version, name, socket(root), previous(root), labels(root), attachments(root));
  }

  /**
   * The JSON object of a text.
   *
   * @throws CniException with DECODING_FAILURE
   */
  static JsonObject object(String json) {
    @Nullable JsonElement element;
    try {
      element = JsonParser.parseString(json);
    } catch (JsonParseException e) {
      throw new CniException(Code.DECODING_FAILURE, "the network configuration is not JSON", e);
    }
    if (!element.isJsonObject()) {
      throw new CniException(
          Code.DECODING_FAILURE, "the network configuration is not a JSON object");
    }
    return element.getAsJsonObject();
  }

  /** The version that a configuration asks for; specification 1.1 says 0.1.0 if it is left out. */
  static String version(JsonObject root) {
    return string(root, "cniVersion", "0.1.0");
  }

  private static Path socket(JsonObject root) {
    String text = string(root, "agentSocket", DEFAULT_SOCKET.toString());
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw new CniException(Code.INVALID_CONFIGURATION, "agentSocket is not a path", e);
    }
    throw invalid("agentSocket is \"" + text + "\", an absolute path is needed");
  }

  private static JsonObject previous(JsonObject root) {
    @Nullable JsonElement element = root.get("prevResult");
    if (element == null || element.isJsonNull()) {
      return new JsonObject();
    }
    if (!element.isJsonObject()) {
      throw invalid("prevResult is not an object");
    }
    return element.getAsJsonObject();
  }

  /** What the runtime knows of the pod, in the place that CNI's conventions give it. */
  private static String labels(JsonObject root) {
    var text = new StringBuilder();
    if (root.get("args") instanceof JsonObject args
        && args.get("cni") instanceof JsonObject cni
        && cni.get("labels") instanceof JsonArray labels) {
      for (JsonElement label : labels) {
        if (!label.isJsonObject()) {
          throw invalid("args.cni.labels has an entry that is not an object");
        }
        JsonObject pair = label.getAsJsonObject();
        text.append(text.isEmpty() ? "" : ",")
            .append(string(pair, "key", ""))
            .append('=')
            .append(string(pair, "value", ""));
      }
    }
    return text.toString();
  }

  private static Optional<JsonArray> attachments(JsonObject root) {
    @Nullable JsonElement element = root.get("cni.dev/valid-attachments");
    if (element == null || element.isJsonNull()) {
      return Optional.empty();
    }
    if (!element.isJsonArray()) {
      throw invalid("cni.dev/valid-attachments is not a list");
    }
    JsonArray array = element.getAsJsonArray();
    for (JsonElement item : array) {
      if (!item.isJsonObject()) {
        throw invalid("cni.dev/valid-attachments has an entry that is not an object");
      }
      JsonObject attachment = item.getAsJsonObject();
      if (string(attachment, "containerID", "").isEmpty()
          || string(attachment, "ifname", "").isEmpty()) {
        throw invalid("cni.dev/valid-attachments has an entry without containerID or ifname");
      }
    }
    return Optional.of(array);
  }

  /**
   * A text field.
   *
   * @throws CniException with INVALID_CONFIGURATION if the field is something else
   */
  static String string(JsonObject object, String field, String otherwise) {
    @Nullable JsonElement element = object.get(field);
    if (element == null || element.isJsonNull()) {
      return otherwise;
    }
    if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
      throw invalid(field + " is not a text");
    }
    return element.getAsString();
  }

  private static CniException invalid(String message) {
    return new CniException(Code.INVALID_CONFIGURATION, message);
  }
}
