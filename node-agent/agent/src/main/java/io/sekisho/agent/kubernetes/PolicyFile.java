package io.sekisho.agent.kubernetes;

import static io.sekisho.agent.kubernetes.LastKnown.text;

import io.sekisho.agent.health.Health;
import io.sekisho.policy.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The policies of the API server as this node knew them last, on disk. */
final class PolicyFile {
  private final LastKnown<Row> file;

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
    file =
        new LastKnown<>(
            state.resolve("kubernetes-policies.json"),
            "policies of the API server",
            Row[].class,
            health);
  }

  /** What was kept; empty if nothing was, or if the file is broken, which is set aside then. */
  Optional<List<PolicyObject>> read() {
    return file.read(PolicyFile::objects);
  }

  private static List<PolicyObject> objects(List<Row> rows) {
    var out = new ArrayList<PolicyObject>();
    for (Row row : rows) {
      Findings found = Findings.of(text(row.yaml()));
      PolicyObject object = object(row, found.warnings());
      // what this version cannot read comes anew from the API server, and is told as invalid
      if (found.errors().isEmpty()) {
        out.add(object);
      }
    }
    return out;
  }

  private static PolicyObject object(Row row, String warning) {
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
        "",
        warning);
  }

  /** Keeps what is in force. */
  void write(List<PolicyObject> objects) {
    file.write(
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
            .toList());
  }
}
