package io.sekisho.cli;

import io.sekisho.agent.pki.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which agent to talk to. */
final class Connection {
  private static final Path RUN = Path.of("/run/sekisho");

  @Option(
      names = "--socket",
      paramLabel = "FILE",
      description = {
        "Unix socket of the agent; else SEKISHO_SOCKET,",
        "else the only /run/sekisho/*/agent.sock."
      })
  private @Nullable Path socket;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "Agent to reach over TCP; needs --ca, --certificate and --key.")
  private @Nullable String server;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Certificate of the cluster's authority.")
  private @Nullable Path ca;

  @Option(names = "--certificate", paramLabel = "FILE", description = "Own certificate.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "Key of the own certificate.")
  private @Nullable Path key;

  @Option(
      names = "--server-name",
      paramLabel = "NAME",
      description = "What the agent's certificate must name; its address unless given.")
  private @Nullable String serverName;

  /** A client of the agent that the options name. */
  AgentClient open() {
    if (server != null) {
      if (ca == null || certificate == null || key == null) {
        throw new CliException(
            CliException.Code.USAGE, "--server needs --ca, --certificate and --key");
      }
      return AgentClient.tcp(
          server, new TlsFiles(ca, certificate, key), Optional.ofNullable(serverName));
    }
    if (ca != null || certificate != null || key != null) {
      throw new CliException(CliException.Code.USAGE, "certificates are for --server");
    }
    return AgentClient.socket(socket());
  }

  private Path socket() {
    if (socket != null) {
      return socket;
    }
    String variable = System.getenv("SEKISHO_SOCKET");
    return variable == null || variable.isEmpty() ? only(sockets(RUN)) : Path.of(variable);
  }

  private static List<Path> sockets(Path run) {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(run)) {
      try (var nodes = Files.newDirectoryStream(run)) {
        for (Path node : nodes) {
          if (Files.exists(node.resolve("agent.sock"))) {
            found.add(node.resolve("agent.sock"));
          }
        }
      } catch (IOException e) {
        throw new CliException(CliException.Code.UNREACHABLE, "cannot read " + run, e);
      }
    }
    return found;
  }

  private static Path only(List<Path> sockets) {
    return switch (sockets.size()) {
      case 0 ->
          throw new CliException(
              CliException.Code.UNREACHABLE,
              "no agent serves under " + RUN + "; name one with --socket or --server");
      case 1 -> sockets.getFirst();
      default ->
          throw new CliException(
              CliException.Code.USAGE,
              "more than one agent serves here; name one with --socket: " + sockets);
    };
  }
}
