package io.sekisho.agent.identity;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.state.StateFile;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps the numbers of {@link CidrIdentities} in a file: a JSON object of prefix to number. */
public final class CidrIdentityFile {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path file;
  private final Health health;

  /** The file {@code cidr-identities.json} of a folder. */
  public CidrIdentityFile(Path folder, Health health) {
    this.file = folder.resolve("cidr-identities.json");
    this.health = health;
  }

  /** The numbers of an earlier agent; none if there was none, or if its file is broken. */
  public Map<Cidr, Integer> read() {
    Optional<String> text = StateFile.read(file);
    if (text.isEmpty()) {
      return Map.of();
    }
    try {
      return parse(text.get());
    } catch (IllegalArgumentException | JsonParseException e) {
      Path aside = StateFile.setAside(file);
      health.report(
          "cidr identities", "state file was broken, see " + aside + ": " + e.getMessage());
      return Map.of();
    }
  }

  private static Map<Cidr, Integer> parse(String text) {
    JsonObject object = GSON.fromJson(text, JsonObject.class);
    if (object == null) {
      throw new IllegalArgumentException("the file is empty");
    }
    var out = new TreeMap<Cidr, Integer>();
    object.asMap().forEach((cidr, number) -> out.put(Cidr.parse(cidr), number(number)));
    return out;
  }

  private static int number(JsonElement element) {
    if (!element.isJsonPrimitive() || element.getAsInt() < Identity.FIRST_LOCAL) {
      throw new IllegalArgumentException(element + " is no number of a local identity");
    }
    return element.getAsInt();
  }

  /** Replaces the file. */
  public void write(Map<Cidr, Integer> numbers) {
    var object = new JsonObject();
    new TreeMap<>(numbers).forEach((cidr, number) -> object.addProperty(cidr.toString(), number));
    StateFile.write(file, GSON.toJson(object));
  }
}
