package io.sekisho.cli;

import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the cluster's certificates. */
@Command(
    name = "pki",
    mixinStandardHelpOptions = true,
    description = "Make the cluster's certificates; no file is ever overwritten.",
    subcommands = {
      PkiCommand.Init.class,
      PkiCommand.Node.class,
      PkiCommand.Operator.class,
      PkiSecretsCommand.class
    })
final class PkiCommand extends Group {
  /** Makes the authority. */
  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description = "Make the authority: ca.crt and ca.key.")
  static final class Init implements Runnable {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Its folder.")
    private Path folder;

    @Override
    public void run() {
      new Authority(folder, Clock.systemUTC()).init();
    }
  }

  /** Makes a node's certificate. */
  @Command(
      name = "node",
      mixinStandardHelpOptions = true,
      description = "Make a node's certificate, for its server and as a client.")
  static final class Node implements Runnable {
    @Option(
        names = "--dir",
        required = true,
        paramLabel = "DIR",
        description = "The authority's folder.")
    private Path folder;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "The node.")
    private String name;

    @Option(
        names = "--address",
        required = true,
        paramLabel = "ADDRESS",
        description = "Address or DNS name under which it is reached; may be repeated.")
    private List<String> addresses;

    @Override
    public void run() {
      new Authority(folder, Clock.systemUTC()).node(name, addresses);
    }
  }

  /** Makes a person's certificate. */
  @Command(
      name = "operator",
      mixinStandardHelpOptions = true,
      description = "Make the certificate of a person or program.")
  static final class Operator implements Runnable {
    /** Roles of people. */
    enum Rights {
      VIEWER,
      OPERATOR,
      ADMIN
    }

    @Option(
        names = "--dir",
        required = true,
        paramLabel = "DIR",
        description = "The authority's folder.")
    private Path folder;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "Who.")
    private String name;

    @Option(
        names = "--role",
        required = true,
        paramLabel = "ROLE",
        description = "What they may do: ${COMPLETION-CANDIDATES}.")
    private Rights role;

    @Override
    public void run() {
      new Authority(folder, Clock.systemUTC()).operator(name, Role.valueOf(role.name()));
    }
  }
}
