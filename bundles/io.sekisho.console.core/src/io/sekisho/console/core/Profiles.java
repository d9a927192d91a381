package io.sekisho.console.core;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.osgi.service.prefs.BackingStoreException;

/**
 * Connection profiles as JSON: read from a file given at the start, kept in the preferences. Only
 * paths of keys are kept, never a key.
 */
public final class Profiles {
  private static final String NODE = "io.sekisho.console.core";
  private static final String KEY = "profiles";
  private static final Gson GSON = new Gson();

  private Profiles() {}

  /**
   * Reads a profile file with {@code name, addresses, ca, certificate, key, production}, or with
   * {@code kubernetes} in place of the addresses; relative paths are relative to the file.
   *
   * @throws ConsoleException {@code BAD_PROFILE} with what is wrong
   */
  public static ConnectionProfile read(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      return parse(Files.readString(file), folder == null ? Path.of("") : folder);
    } catch (IOException e) {
      throw new ConsoleException(
          Code.BAD_PROFILE, "The profile " + file + " can't be read: " + e.getMessage() + ".", e);
    }
  }

  /** Reads one profile from JSON text. */
  public static ConnectionProfile parse(String json, Path folder) {
    try {
      return one(JsonParser.parseString(json).getAsJsonObject(), folder);
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw new ConsoleException(
          Code.BAD_PROFILE, "The profile is not JSON of a connection: " + e.getMessage() + ".", e);
    }
  }

  private static ConnectionProfile one(JsonObject json, Path folder) {
    boolean production = json.has("production") && json.get("production").getAsBoolean();
    if (json.has("kubernetes")) {
      KubernetesContext context =
          KubernetesProfiles.read(json.get("kubernetes").getAsJsonObject(), folder);
      return ConnectionProfile.kubernetes(text(json, "name"), production, context)
          .with(
              path(json, "ca", folder),
              path(json, "certificate", folder),
              path(json, "key", folder));
    }
    List<String> addresses = new ArrayList<>();
    JsonElement list = json.get("addresses");
    if (list == null || !list.isJsonArray() || list.getAsJsonArray().isEmpty()) {
      throw bad("'addresses' must be a list of host:port");
    }
    list.getAsJsonArray().forEach(a -> addresses.add(a.getAsString()));
    return new ConnectionProfile(
        text(json, "name"),
        addresses,
        folder.resolve(text(json, "ca")),
        folder.resolve(text(json, "certificate")),
        folder.resolve(text(json, "key")),
        production);
  }

  private static Path path(JsonObject json, String key, Path folder) {
    return json.has(key) ? folder.resolve(text(json, key)) : Path.of("");
  }

  static String text(JsonObject json, String key) {
    JsonElement value = json.get(key);
    if (value == null || !value.isJsonPrimitive() || value.getAsString().isBlank()) {
      throw bad("'" + key + "' is missing");
    }
    return value.getAsString();
  }

  static ConsoleException bad(String what) {
    return new ConsoleException(Code.BAD_PROFILE, "The profile is incomplete: " + what + ".", null);
  }

  /** One profile as JSON text with absolute paths. */
  public static String write(ConnectionProfile profile) {
    return GSON.toJson(json(profile));
  }

  private static JsonObject json(ConnectionProfile profile) {
    JsonObject json = new JsonObject();
    json.addProperty("name", profile.name());
    JsonArray addresses = new JsonArray();
    profile.addresses().forEach(addresses::add);
    json.add("addresses", addresses);
    put(json, "ca", profile.authority());
    put(json, "certificate", profile.certificate());
    put(json, "key", profile.key());
    json.addProperty("production", profile.production());
    profile.kubernetes().ifPresent(k -> json.add("kubernetes", KubernetesProfiles.write(k)));
    return json;
  }

  private static void put(JsonObject json, String key, Path file) {
    if (!file.toString().isEmpty()) {
      json.addProperty(key, file.toAbsolutePath().toString());
    }
  }

  /**
   * The profiles that the operator has stored, in their order; those that can't be read are left
   * out.
   */
  public static List<ConnectionProfile> stored() {
    return readable(preferences().get(KEY, "[]"));
  }

  /** The profiles of a list that can be read; the others are told in the log. */
  static List<ConnectionProfile> readable(String stored) {
    List<ConnectionProfile> profiles = new ArrayList<>();
    elements(stored).forEach(e -> readable(e).ifPresent(profiles::add));
    return profiles;
  }

  private static Optional<ConnectionProfile> readable(JsonElement stored) {
    try {
      return Optional.of(one(stored.getAsJsonObject(), Path.of("")));
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | UnsupportedOperationException
        | ConsoleException e) {
      ILog.of(Profiles.class).warn("A stored profile is damaged, or of a newer console.", e);
      return Optional.empty();
    }
  }

  private static List<JsonElement> elements(String stored) {
    try {
      return JsonParser.parseString(stored).getAsJsonArray().asList();
    } catch (JsonParseException | IllegalStateException e) {
      ILog.of(Profiles.class).warn("The stored profiles are damaged.", e);
      return List.of();
    }
  }

  /** Keeps these profiles in place of those stored; what can't be read here stays as it is. */
  public static void store(List<ConnectionProfile> profiles) {
    IEclipsePreferences preferences = preferences();
    preferences.put(KEY, stored(profiles, preferences.get(KEY, "[]")));
    try {
      preferences.flush();
    } catch (BackingStoreException e) {
      throw new ConsoleException(
          Code.INTERNAL, "The profiles were not stored: " + e.getMessage() + ".", e);
    }
  }

  static String stored(List<ConnectionProfile> profiles, String before) {
    JsonArray all = new JsonArray();
    profiles.forEach(p -> all.add(json(p)));
    elements(before).stream().filter(e -> readable(e).isEmpty()).forEach(all::add);
    return GSON.toJson(all);
  }

  private static IEclipsePreferences preferences() {
    return InstanceScope.INSTANCE.getNode(NODE);
  }
}
