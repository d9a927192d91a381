package io.sekisho.agent.kubernetes;

import io.sekisho.agent.health.Health;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The node's own labels as the API server told them last, on disk. */
final class NodeLabelFile {
  private final LastKnown<String> file;

  /** In the node's state folder. */
  NodeLabelFile(Path state, Health health) {
    file =
        new LastKnown<>(
            state.resolve("kubernetes-node.json"),
            "labels of the node in Kubernetes",
            String[].class,
            health);
  }

  /** What was kept; empty if nothing was, or if the file is broken, which is set aside then. */
  Optional<Map<String, String>> read() {
    return file.read(NodeLabelFile::labels);
  }

  private static Map<String, String> labels(List<String> rows) {
    var out = new HashMap<String, String>();
    for (String row : rows) {
      String text = LastKnown.text(row);
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("a label has no name");
      }
      out.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return Map.copyOf(out);
  }

  /** Keeps labels. */
  void write(Map<String, String> labels) {
    file.write(
        new TreeMap<>(labels)
            .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }
}
