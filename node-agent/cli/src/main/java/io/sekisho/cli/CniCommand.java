package io.sekisho.cli;

import io.sekisho.agent.config.ConfigException;
import io.sekisho.agent.config.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts the CNI plugin on a host, and takes it away. */
@Command(
    name = "cni",
    mixinStandardHelpOptions = true,
    description = "The CNI plugin on this host.",
    subcommands = {CniCommand.Install.class, CniCommand.Remove.class})
final class CniCommand extends Group {
  /** Puts it there. */
  @Command(
      name = "install",
      mixinStandardHelpOptions = true,
      description = {
        "Put the CNI plugin, its Java and its configuration on this host.",
        "What is there already stays; another version takes its place between two calls."
      })
  static final class Install implements Runnable {
    @Option(
        names = "--config",
        required = true,
        paramLabel = "FILE",
        description = "The agent's configuration, YAML.")
    private Path config;

    @Option(
        names = "--source",
        paramLabel = "DIR",
        description = "Folder with cni and jre; /usr/lib/sekisho unless given.")
    private Path source = Path.of("/usr/lib/sekisho");

    @Mixin private HostPlaces places;

    @Override
    public void run() {
      Logs.configure();
      try {
        places.placement().install(source, ConfigReader.read(config).dirs().cniSocket());
      } catch (ConfigException e) {
        throw new CliException(CliException.Code.USAGE, String.valueOf(e.getMessage()), e);
      } catch (IOException | UncheckedIOException e) {
        throw new CliException(
            CliException.Code.REFUSED, "the CNI plugin is not installed: " + e.getMessage(), e);
      }
    }
  }

  /** Takes it away. */
  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Remove the CNI configuration, then the plugin. Pods that run go on.")
  static final class Remove implements Runnable {
    @Mixin private HostPlaces places;

    @Override
    public void run() {
      Logs.configure();
      try {
        places.placement().remove();
      } catch (IOException e) {
        throw new CliException(
            CliException.Code.REFUSED, "not everything is removed: " + e.getMessage(), e);
      }
    }
  }
}
