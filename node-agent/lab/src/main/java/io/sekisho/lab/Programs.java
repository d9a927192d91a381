package io.sekisho.lab;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The programs that a lab runs.
 *
 * @param agent launcher of the agent
 * @param cni launcher of the CNI plugin
 * @param shop jar or folder with the shop's classes
 * @param java the java program that runs them all
 * @param tools folder of the lab's small native programs
 */
public record Programs(Path agent, Path cni, Path shop, Path java, Path tools) {
  /** Refuses programs that are not there. */
  public Programs {
    for (Path program : new Path[] {agent, cni, java}) {
      if (!Files.isExecutable(program)) {
        throw new LabException(
            LabException.Code.PROGRAM_MISSING, program + " is missing: is the build complete?");
      }
    }
  }

  /**
   * Those of the source tree that this class was built in: SEKISHO_HOME, else found upwards from
   * the class's own place.
   *
   * @throws LabException with PROGRAM_MISSING
   */
  public static Programs ofBuild() {
    Path own = place();
    Path modules = home(own).resolve("node-agent");
    return new Programs(
        modules.resolve("cli/target/dist/bin/sekisho-agent"),
        modules.resolve("cni/target/dist/bin/sekisho-cni"),
        own,
        Path.of(System.getProperty("java.home")).resolve("bin/java"),
        modules.resolve("lab/target/dist/lib"));
  }

  /**
   * The same with agent, plugin and Java as they are shipped, {@code agent}, {@code cni} and {@code
   * jre} of a folder.
   *
   * @throws LabException with PROGRAM_MISSING
   */
  public Programs shippedIn(Path folder) {
    return new Programs(
        folder.resolve("agent/bin/sekisho-agent"),
        folder.resolve("cni/bin/sekisho-cni"),
        shop,
        folder.resolve("jre/bin/java"),
        tools);
  }

  /** The library of {@link FakeClock}. */
  Path clock() {
    return tools.resolve("libsekisho-clock.so");
  }

  /** The program that sends frames as they are, from an interface; see its source. */
  Path send() {
    return tools.resolve("sekisho-send");
  }

  private static Path place() {
    try {
      return Path.of(Programs.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new LabException(LabException.Code.PROGRAM_MISSING, "where is my own jar?", e);
    }
  }

  private static Path home(Path from) {
    String text = System.getenv().getOrDefault("SEKISHO_HOME", "");
    if (!text.isEmpty()) {
      return Path.of(text);
    }
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("node-agent"))) {
        return folder;
      }
    }
    throw new LabException(
        LabException.Code.PROGRAM_MISSING, "no source tree around " + from + ": set SEKISHO_HOME");
  }
}
