package io.sekisho.agent.kubernetes;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.state.StateFile;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Kind;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The policies of the API server as this node knew them last, on disk: a node that starts without
 * the API server does what it did before.
 */
final class PolicyFile {
  private static final String COMPONENT = "policies of the API server";
  private static final Gson GSON = new Gson();

  private final Path file;
  private final Health health;

  /** One object in the file. */
  private record Row(
      @Nullable String kind,
      @Nullable String apiVersion,
      @Nullable String namespace,
      @Nullable String name,
      @Nullable String uid,
      @Nullable String yaml) {}

  /** In the node's state folder. */
  PolicyFile(Path state, Health health) {
    file = state.resolve("kubernetes-policies.json");
    this.health = health;
  }

  /** What was kept; empty if nothing was, or if the file is broken, which is set aside then. */
  Optional<List<PolicyObject>> read() {
    try {
      return StateFile.read(file).map(PolicyFile::parse);
    } catch (IllegalArgumentException e) {
      Path aside = StateFile.setAside(file);
      health.report(COMPONENT, "the file was broken and is set aside as " + aside);
      return Optional.empty();
    } catch (UncheckedIOException e) {
      health.report(COMPONENT, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static List<PolicyObject> parse(String text) {
    try {
      Row @Nullable [] rows = GSON.fromJson(text, Row[].class);
      if (rows == null) {
        throw new IllegalArgumentException("the file is empty");
      }
      var out = new ArrayList<PolicyObject>();
      for (Row row : rows) {
        PolicyObject object = object(row);
        // what this version cannot read comes anew from the API server, and is told as invalid
        if (!Documents.parse(List.of(object.yaml())).hasErrors()) {
          out.add(object);
        }
      }
      return out;
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("not the JSON of policies", e);
    }
  }

  private static PolicyObject object(Row row) {
    Kind kind =
        Kind.of(text(row.kind()))
            .orElseThrow(() -> new IllegalArgumentException("no kind " + row.kind()));
    return new PolicyObject(
        kind,
        text(row.apiVersion()),
        text(row.namespace()),
        text(row.name()),
        text(row.uid()),
        0,
        text(row.yaml()),
        "");
  }

  private static String text(@Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException("a field is missing");
    }
    return value;
  }

  /** Keeps what is in force; a disk that fails costs the next start, not this one. */
  void write(List<PolicyObject> objects) {
    List<Row> rows =
        objects.stream()
            .filter(o -> !o.yaml().isEmpty())
            .map(
                o ->
                    new Row(
                        o.kind().text(),
                        o.apiVersion(),
                        o.namespace(),
                        o.name(),
                        o.uid(),
                        o.yaml()))
            .toList();
    try {
      StateFile.write(file, GSON.toJson(rows));
      health.clear(COMPONENT);
    } catch (UncheckedIOException e) {
      health.report(COMPONENT, String.valueOf(e.getMessage()));
    }
  }
}
