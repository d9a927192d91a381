package io.sekisho.agent.host;

import io.sekisho.agent.state.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The CNI plugin on the host, with the Java that runs it: below {@link Places#programs}, a folder
 * for each content, and a link to its launcher among the container runtime's plugins. A version
 * takes the place of another one between two calls; the old one goes when the link has changed.
 */
public final class CniPlacement {
  private static final System.Logger LOG = System.getLogger(CniPlacement.class.getName());

  /** The plugin's name, which stands as type in configurations. */
  private static final String PLUGIN = "sekisho";

  private static final String PREFIX = "cni-";
  private static final String UNFINISHED = "unfinished";
  private static final String LAUNCHER = "cni/bin/sekisho-cni";

  /** Classes that the plugin's JVM keeps ready; a call takes half of the time with them. */
  private static final String READY = "cni/lib/sekisho-cni.aot";

  private static final long REHEARSAL_SECONDS = 60;

  private final Places places;

  /**
   * Where things are on the host.
   *
   * @param programs folder of our own ({@code /opt/sekisho}); the same path inside and outside of
   *     the container
   * @param plugins the runtime's plugins ({@code /opt/cni/bin})
   * @param configuration our network configuration ({@code /etc/cni/net.d/05-sekisho.conflist})
   */
  public record Places(Path programs, Path plugins, Path configuration) {
    /** Where kubelets and container runtimes look unless told otherwise. */
    public static final Places USUAL =
        new Places(
            Path.of("/opt/sekisho"),
            Path.of("/opt/cni/bin"),
            Path.of("/etc/cni/net.d/05-sekisho.conflist"));

    Path link() {
      return plugins.resolve(PLUGIN);
    }
  }

  /** The plugin of a host. */
  public CniPlacement(Places places) {
    this.places = places;
  }

  /**
   * Puts plugin, link and configuration in place; what is there already stays.
   *
   * @param source folder with {@code jre} and {@code cni}
   * @param agentSocket where the node's agent listens, on the host
   */
  public void install(Path source, Path agentSocket) throws IOException {
    List<Path> parts = List.of(source.resolve("jre"), source.resolve("cni"));
    for (Path part : parts) {
      if (!Files.isDirectory(part)) {
        throw new IOException("there is no folder " + part);
      }
    }
    Path folder = places.programs().resolve(PREFIX + FileTree.digest(parts));
    if (!Files.isDirectory(folder)) {
      copy(parts, folder);
    }
    if (!Files.exists(folder.resolve(READY))) {
      rehearse(folder);
    }
    link(folder.resolve(LAUNCHER));
    configure(agentSocket);
    removeAllBut(folder);
  }

  /**
   * Takes all of it away, the configuration first, so that no new pods come. Our folder stays,
   * empty, where it is a mount of the container.
   */
  public void remove() throws IOException {
    Files.deleteIfExists(places.configuration());
    Files.deleteIfExists(places.link());
    if (Files.isDirectory(places.programs())) {
      removeAllBut(places.programs());
      FileTree.deleteEmpty(places.programs());
    }
  }

  private void copy(List<Path> parts, Path folder) throws IOException {
    Path unfinished = places.programs().resolve(UNFINISHED);
    FileTree.delete(unfinished);
    Files.createDirectories(unfinished);
    for (Path part : parts) {
      FileTree.copy(part, unfinished.resolve(part.getFileName()));
    }
    Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Lets the plugin's JVM record its classes; without them calls are slower, and nothing else. */
  private static void rehearse(Path folder) throws IOException {
    var builder = new ProcessBuilder(folder.resolve(LAUNCHER).toString());
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("SEKISHO_CNI_REHEARSAL", folder.resolve(READY).toString());
    Process process = builder.start();
    try {
      if (process.waitFor(REHEARSAL_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return;
      }
      process.destroyForcibly();
      LOG.log(System.Logger.Level.WARNING, "the classes of the CNI plugin were not recorded");
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void link(Path launcher) throws IOException {
    Files.createDirectories(places.plugins());
    Path fresh = places.plugins().resolve("." + PLUGIN + ".new");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, launcher);
    Files.move(fresh, places.link(), StandardCopyOption.ATOMIC_MOVE);
  }

  private void configure(Path agentSocket) throws IOException {
    String text = new NetworkConfiguration(agentSocket, hasPortPlugin()).text();
    if (Files.exists(places.configuration())
        && Files.readString(places.configuration()).equals(text)) {
      return;
    }
    Path folder = places.configuration().toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
      warnOfOthers(folder);
    }
    StateFile.write(places.configuration(), text);
  }

  /**
   * Whether the runtime will find portmap. A link counts wherever it leads: to a place of the host,
   * which a container does not see. A configuration that names a plugin which is not there would
   * keep every pod from starting.
   */
  private boolean hasPortPlugin() {
    Path plugin = places.plugins().resolve(NetworkConfiguration.PORT_PLUGIN);
    boolean found = Files.isSymbolicLink(plugin) || Files.isExecutable(plugin);
    if (!found) {
      LOG.log(
          System.Logger.Level.WARNING,
          "there is no {0}: hostPort of pods is not served on this node until that plugin of CNI is"
              + " there and the agent starts anew",
          plugin);
    }
    return found;
  }

  /** The runtime takes the first file by name. */
  private void warnOfOthers(Path folder) throws IOException {
    String own = String.valueOf(places.configuration().getFileName());
    try (var files = Files.newDirectoryStream(folder, "*.{conf,conflist,json}")) {
      for (Path file : files) {
        if (String.valueOf(file.getFileName()).compareTo(own) < 0) {
          LOG.log(
              System.Logger.Level.WARNING,
              "{0} comes before ours: its network is used, not this one",
              file);
        }
      }
    }
  }

  /** Removes what is in our folder, except one. */
  private void removeAllBut(Path kept) throws IOException {
    try (var folders = Files.newDirectoryStream(places.programs())) {
      for (Path folder : folders) {
        if (!folder.equals(kept)) {
          FileTree.delete(folder);
        }
      }
    }
  }
}
