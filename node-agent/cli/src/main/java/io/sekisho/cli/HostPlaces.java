package io.sekisho.cli;

import io.sekisho.agent.host.CniPlacement;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options that say where the CNI plugin is on the host. */
final class HostPlaces {
  private static final CniPlacement.Places USUAL = CniPlacement.Places.USUAL;

  @Option(
      names = "--programs",
      paramLabel = "DIR",
      description = "Folder of our own on the host; /opt/sekisho unless given.")
  private Path programs = USUAL.programs();

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      description = "The container runtime's CNI plugins; /opt/cni/bin unless given.")
  private Path plugins = USUAL.plugins();

  @Option(
      names = "--cni-config",
      paramLabel = "FILE",
      description = "The CNI configuration; /etc/cni/net.d/05-sekisho.conflist unless given.")
  private Path configuration = USUAL.configuration();

  CniPlacement placement() {
    return new CniPlacement(new CniPlacement.Places(programs, plugins, configuration));
  }

  Path configuration() {
    return configuration;
  }
}
