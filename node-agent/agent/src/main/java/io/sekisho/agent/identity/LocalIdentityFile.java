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
import java.util.function.Function;

/** Keeps what one node knows for the next agent in a file: a JSON object of names to numbers. */
public final class LocalIdentityFile<K> {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path file;
  private final String component;
  private final Function<String, K> parser;
  private final int first;
  private final Health health;

  private LocalIdentityFile(
      Path file, String component, Function<String, K> parser, int first, Health health) {
    this.file = file;
    this.component = component;
    this.parser = parser;
    this.first = first;
    this.health = health;
  }

  /** The file {@code cidr-identities.json} of a folder: prefixes. */
  public static LocalIdentityFile<Cidr> cidrs(Path folder, Health health) {
    return new LocalIdentityFile<>(
        folder.resolve("cidr-identities.json"),
        "cidr identities",
        Cidr::parse,
        Identity.FIRST_LOCAL,
        health);
  }

  /** The file {@code node-identities.json} of a folder: labels of nodes. */
  public static LocalIdentityFile<String> nodes(Path folder, Health health) {
    return new LocalIdentityFile<>(
        folder.resolve("node-identities.json"),
        "node identities",
        Function.identity(),
        Identity.FIRST_NODE,
        health);
  }

  /** The file {@code node-addresses.json} of a folder: days on which addresses were seen last. */
  public static LocalIdentityFile<Cidr> addresses(Path folder, Health health) {
    return new LocalIdentityFile<>(
        folder.resolve("node-addresses.json"), "node addresses", Cidr::parse, 0, health);
  }

  /** What is wrong with the file stands in health under this name. */
  public String component() {
    return component;
  }

  /** The numbers of an earlier agent; none if there was none, or if its file is broken. */
  public Map<K, Integer> read() {
    Optional<String> text = StateFile.read(file);
    if (text.isEmpty()) {
      return Map.of();
    }
    try {
      return parse(text.get());
    } catch (IllegalArgumentException | JsonParseException e) {
      Path aside = StateFile.setAside(file);
      health.report(component, "state file was broken, see " + aside + ": " + e.getMessage());
      return Map.of();
    }
  }

  private Map<K, Integer> parse(String text) {
    JsonObject object = GSON.fromJson(text, JsonObject.class);
    if (object == null) {
      throw new IllegalArgumentException("the file is empty");
    }
    var out = new TreeMap<K, Integer>();
    object.asMap().forEach((key, number) -> out.put(parser.apply(key), number(number)));
    return out;
  }

  private int number(JsonElement element) {
    if (!element.isJsonPrimitive() || element.getAsInt() < first) {
      throw new IllegalArgumentException(element + " is no number from " + first + " on");
    }
    return element.getAsInt();
  }

  /** Replaces the file. */
  public void write(Map<K, Integer> numbers) {
    var object = new JsonObject();
    new TreeMap<>(numbers).forEach((key, number) -> object.addProperty(key.toString(), number));
    StateFile.write(file, GSON.toJson(object));
  }
}
