package io.sekisho.lab;

import io.sekisho.cni.wire.CniCommand;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The agent of one node: a JVM in the node's network namespace. */
public final class NodeAgent {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LabNode node;
  private final LabFolder folder;
  private final LabNames names;
  private final Programs programs;
  private final Lab.Wish wish;
  private final Daemon daemon;

  NodeAgent(LabNode node, LabFolder folder, LabNames names, Programs programs, Lab.Wish wish) {
    this.wish = wish;
    this.node = node;
    this.folder = folder;
    this.names = names;
    this.programs = programs;
    daemon = new Daemon(folder.processes(), "agent-" + node.name());
  }

  /** The node. */
  public LabNode node() {
    return node;
  }

  /** The agent's root-only gRPC socket. */
  public Path socket() {
    return folder.agentRun(node.name()).resolve("agent.sock");
  }

  /** The socket of the CNI plugin. */
  public Path cniSocket() {
    return folder.agentRun(node.name()).resolve("cni.sock");
  }

  /** Where it logs. */
  public Path log() {
    return folder.logs().resolve("agent-" + node.name() + ".log");
  }

  /** Starts the process; {@link #awaitHealthy} tells when it serves. */
  public void start() {
    start(programs.agent());
  }

  /** The same with the launcher of another build: an upgrade, or a downgrade. */
  void start(Path launcher) {
    writeConfiguration();
    List<String> words = new ArrayList<>(Command.entering(names.node(node.name())));
    words.addAll(List.of("env", "SEKISHO_JAVA=" + programs.java()));
    if (wish.fakeClocks()) {
      words.addAll(FakeClock.environment(programs.clock(), folder.clock(node.name())));
    }
    words.addAll(
        List.of(
            launcher.toString(),
            "run",
            "--config",
            folder.agentConfiguration(node.name()).toString()));
    daemon.start(words, log());
  }

  /**
   * Returns when the agent says that it serves (grpc.health.v1) and would serve the CNI plugin.
   *
   * @throws LabException with PROGRAM_FAILED if it ended, TIMEOUT
   */
  public void awaitHealthy() {
    Await.until(
        PATIENCE,
        () -> "the agent of " + node.name() + " is not healthy; its log is " + log(),
        () -> {
          if (daemon.pid().isEmpty()) {
            throw new LabException(
                LabException.Code.PROGRAM_FAILED,
                "the agent of " + node.name() + " ended; its log is " + log());
          }
          return Files.exists(socket()) && healthy() && servesPods();
        });
  }

  /** Whether the process runs. */
  public boolean isUp() {
    return daemon.pid().isPresent();
  }

  /** Its pid; fails if it does not run. */
  public long pid() {
    return daemon
        .pid()
        .orElseThrow(
            () ->
                new LabException(
                    LabException.Code.NOT_UP, "the agent of " + node.name() + " does not run"));
  }

  /** Ends it as a crash would (SIGKILL). */
  public void kill() {
    daemon.kill();
  }

  /** Asks it to end (SIGTERM). */
  public void stop() {
    daemon.stop();
  }

  /** Whether ADD would be served. */
  private boolean servesPods() {
    CniRequest request =
        new CniRequest(
            CniCommand.STATUS, "1.1.0", "lab", "", "", "", Map.of(), CniResult.NONE, List.of());
    try {
      return CniSocket.ask(cniSocket(), request).failure().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Asks it to end and waits so long; what a recording JVM does at its end takes its time. */
  void stop(Duration patience) {
    daemon.stop(patience);
  }

  private boolean healthy() {
    try (AgentClient client = new AgentClient(socket())) {
      return client.healthy();
    }
  }

  private void writeConfiguration() {
    Pki pki = new Pki(folder.pki());
    String text =
        """
        node: {name: %1$s, cluster: shop-lab}
        underlay: {device: eth0, addresses: [%2$s]}
        %3$s\
        store:
          type: etcd
          endpoints: [%4$s]
          ca: %5$s
          certificate: %6$s
          key: %7$s
        grpc:
          listen: "%8$s"
          ca: %5$s
          certificate: %6$s
          key: %7$s
        dirs: {run: %9$s, state: %10$s, bpf: %11$s}
        flows: {capacity: 65536, aggregation_seconds: 2}
        health: {lease_seconds: %12$d}
        """
            .formatted(
                node.name(),
                quoted(wish.network().underlay().of(node.addresses())),
                wish.network().configuration(node),
                Etcd.ENDPOINT,
                pki.authority(),
                pki.certificate(node.name()),
                pki.key(node.name()),
                node.grpcAddress(),
                folder.agentRun(node.name()),
                folder.agentState(node.name()),
                names.pins(),
                wish.leaseSeconds());
    try {
      Files.createDirectories(folder.agentRun(node.name()));
      Files.createDirectories(folder.agentState(node.name()));
      AtomicFile.write(folder.agentConfiguration(node.name()), text);
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "no configuration for " + node.name(), e);
    }
  }

  private static String quoted(List<String> texts) {
    return "\"" + String.join("\", \"", texts) + "\"";
  }
}
