package io.sekisho.console.core;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.core.kubernetes.KubernetesContext.Reach;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The part of a profile about Kubernetes as JSON. */
final class KubernetesProfiles {
  private KubernetesProfiles() {}

  static KubernetesContext read(JsonObject json, Path folder) {
    List<Path> files = new ArrayList<>();
    JsonElement list = json.get("kubeconfigs");
    if (list == null || !list.isJsonArray() || list.getAsJsonArray().isEmpty()) {
      throw Profiles.bad("'kubeconfigs' must be a list of files");
    }
    list.getAsJsonArray().forEach(f -> files.add(folder.resolve(f.getAsString())));
    return new KubernetesContext(
        files,
        Profiles.text(json, "context"),
        word(json, "namespace", KubernetesContext.USUAL_NAMESPACE),
        word(json, "secret", KubernetesContext.USUAL_SECRET),
        word(json, "serverName", KubernetesContext.USUAL_SERVER_NAME),
        choice(json, "reach", Reach.PORT_FORWARD),
        choice(json, "policies", Target.AGENTS));
  }

  static JsonObject write(KubernetesContext context) {
    JsonArray files = new JsonArray();
    context.files().forEach(f -> files.add(f.toAbsolutePath().toString()));
    JsonObject json = new JsonObject();
    json.add("kubeconfigs", files);
    json.addProperty("context", context.context());
    json.addProperty("namespace", context.namespace());
    json.addProperty("secret", context.secret());
    json.addProperty("serverName", context.serverName());
    json.addProperty("reach", context.reach().name().toLowerCase(Locale.ROOT));
    json.addProperty("policies", context.target().name().toLowerCase(Locale.ROOT));
    return json;
  }

  private static String word(JsonObject json, String key, String usual) {
    return json.has(key) ? json.get(key).getAsString() : usual;
  }

  private static <E extends Enum<E>> E choice(JsonObject json, String key, E usual) {
    String word = word(json, key, usual.name());
    for (E each : usual.getDeclaringClass().getEnumConstants()) {
      if (each.name().equalsIgnoreCase(word)) {
        return each;
      }
    }
    throw Profiles.bad("'" + key + "' is not known: " + word);
  }
}
