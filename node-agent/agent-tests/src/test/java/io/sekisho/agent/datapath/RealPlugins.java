package io.sekisho.agent.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The plugins of the containernetworking project and its cnitool, which runs a chain as a container
 * runtime does. Built once from their Go modules, at fixed versions that the Go checksum database
 * vouches for, and kept in the cache.
 */
final class RealPlugins {
  private static final String PLUGINS = "github.com/containernetworking/plugins/plugins/";
  private static final String PLUGINS_VERSION = "@v1.9.1";
  private static final List<String> MODULES =
      List.of(
          PLUGINS + "meta/portmap" + PLUGINS_VERSION,
          PLUGINS + "main/ptp" + PLUGINS_VERSION,
          PLUGINS + "main/bridge" + PLUGINS_VERSION,
          PLUGINS + "ipam/host-local" + PLUGINS_VERSION,
          "github.com/containernetworking/cni/cnitool@v1.3.0");
  private static final List<Path> GO =
      Stream.concat(
              Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)),
              Stream.of("/usr/local/go/bin"))
          .filter(folder -> !folder.isEmpty())
          .map(folder -> Path.of(folder, "go"))
          .toList();

  private final Path folder;

  private RealPlugins(Path folder) {
    this.folder = folder;
  }

  /** The plugins; empty if they are not in the cache and the machine has no Go to build them. */
  static Optional<RealPlugins> find() throws IOException, InterruptedException {
    Path folder =
        Path.of(System.getProperty("user.home"), ".cache/sekisho/tools/cni-v1.9.1-v1.3.0");
    if (Files.isExecutable(folder.resolve("cnitool"))) {
      return Optional.of(new RealPlugins(folder));
    }
    Optional<Path> go = GO.stream().filter(Files::isExecutable).findFirst();
    if (go.isEmpty()) {
      return Optional.empty();
    }
    Files.createDirectories(folder);
    for (String module : MODULES) {
      var build = new ProcessBuilder(go.get().toString(), "install", module).inheritIO();
      build.directory(folder.toFile());
      build.environment().putAll(Map.of("GOBIN", folder.toString(), "CGO_ENABLED", "0"));
      if (build.start().waitFor() != 0) {
        throw new IOException("go cannot build " + module);
      }
    }
    return Optional.of(new RealPlugins(folder));
  }

  /** Folder of the plugins. */
  Path folder() {
    return folder;
  }
}
