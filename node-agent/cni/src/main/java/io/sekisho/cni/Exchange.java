package io.sekisho.cni;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniError;
import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniException.Code;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lines of {@link io.sekisho.cni.wire.CniLine} as trees of JSON: what reflection needs to read
 * records at the start of a process would take a good part of the plugin's time.
 */
final class Exchange {
  /** In which the agent is told of labels. */
  private static final String LABELS = "SEKISHO_LABELS";

  private Exchange() {}

  /** The request as one line. */
  static String request(Invocation invocation, NetworkConfiguration configuration) {
    var line = new JsonObject();
    line.addProperty("command", invocation.command().name());
    line.addProperty("cniVersion", configuration.version());
    line.addProperty("network", configuration.name());
    line.addProperty("containerID", invocation.containerId());
    line.addProperty("netns", invocation.networkNamespace());
    line.addProperty("ifname", invocation.interfaceName());
    var args = new JsonObject();
    for (Map.Entry<String, String> arg : invocation.args().entrySet()) {
      args.addProperty(arg.getKey(), arg.getValue());
    }
    if (!configuration.labels().isEmpty()) {
      String more = invocation.args().getOrDefault(LABELS, "");
      args.addProperty(LABELS, more + (more.isEmpty() ? "" : ",") + configuration.labels());
    }
    line.add("args", args);
    if (!configuration.previous().isEmpty() && invocation.command() != CniCommand.DEL) {
      line.add("previous", configuration.previous());
    }
    if (configuration.validAttachments().isPresent()) {
      line.add("validAttachments", configuration.validAttachments().get());
    }
    return line.toString();
  }

  /**
   * The agent's answer.
   *
   * @throws CniException with DECODING_FAILURE
   */
  static JsonObject response(String line) {
    try {
      JsonElement answer = JsonParser.parseString(line);
      if (answer.isJsonObject()) {
        return answer.getAsJsonObject();
      }
    } catch (JsonParseException e) {
      throw new CniException(Code.DECODING_FAILURE, "the agent's answer is not JSON", e);
    }
    throw new CniException(Code.DECODING_FAILURE, "the agent's answer is not a JSON object");
  }

  /** What went wrong, if something did. */
  static Optional<CniError> failure(JsonObject response) {
    Optional<JsonObject> error = object(response, "error");
    if (error.isEmpty()) {
      return Optional.empty();
    }
    @Nullable JsonElement code = error.get().get("code");
    try {
      int number = code == null ? 0 : code.getAsInt();
      return number == 0
          ? Optional.empty()
          : Optional.of(
              new CniError(
                  number,
                  NetworkConfiguration.string(error.get(), "msg", ""),
                  NetworkConfiguration.string(error.get(), "details", "")));
    } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
      throw new CniException(Code.DECODING_FAILURE, "the agent's error has no number", e);
    }
  }

  /**
   * The result of ADD, as the runtime wants it printed.
   *
   * @throws CniException with DECODING_FAILURE if there is none
   */
  static String result(JsonObject response, String version) {
    JsonObject result =
        object(response, "result")
            .filter(r -> r.get("ips") instanceof JsonArray ips && !ips.isEmpty())
            .orElseThrow(
                () ->
                    new CniException(
                        Code.DECODING_FAILURE, "the agent answered ADD without a result"));
    if (version.startsWith("0.")) {
      addFamilies(result.getAsJsonArray("ips"));
    }
    return result.toString();
  }

  /** Before 1.0.0 each address says its family. */
  private static void addFamilies(JsonArray ips) {
    for (JsonElement ip : ips) {
      if (ip.isJsonObject()) {
        String address = NetworkConfiguration.string(ip.getAsJsonObject(), "address", "");
        ip.getAsJsonObject().addProperty("version", address.indexOf(':') < 0 ? "4" : "6");
      }
    }
  }

  private static Optional<JsonObject> object(JsonObject from, String field) {
    @Nullable JsonElement element = from.get(field);
    return element != null && element.isJsonObject()
        ? Optional.of(element.getAsJsonObject())
        : Optional.empty();
  }
}
