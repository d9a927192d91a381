package io.sekisho.agent.host;

import java.nio.file.Path;

/**
 * Our network as a container runtime reads it.
 *
 * @param agentSocket where the node's agent listens, on the host
 * @param hostPorts whether CNI's {@code portmap} follows our plugin, which leads ports of the node
 *     to pods ({@code hostPort})
 */
public record NetworkConfiguration(Path agentSocket, boolean hostPorts) {
  /** The plugin for ports of the node, as all plugins are called in configurations. */
  static final String PORT_PLUGIN = "portmap";

  /** The file's text. */
  public String text() {
    String next =
        hostPorts
            ? ",\n  {\"type\": \"" + PORT_PLUGIN + "\", \"capabilities\": {\"portMappings\": true}}"
            : "";
    return """
        {"cniVersion": "1.0.0", "name": "sekisho", "plugins": [
          {"type": "sekisho", "agentSocket": "%s"}%s]}
        """
        .formatted(agentSocket, next);
  }
}
