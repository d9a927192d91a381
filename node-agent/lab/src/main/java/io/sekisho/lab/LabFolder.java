package io.sekisho.lab;

import java.nio.file.Path;

/**
 * Where everything of a lab is on disk.
 *
 * @param root the state folder
 */
public record LabFolder(Path root) {
  private static final Path DEFAULT = Path.of("/var/lib/sekisho/lab");

  /** The folder of SEKISHO_STATE, else {@code /var/lib/sekisho/lab}. */
  public static LabFolder ofEnvironment() {
    String text = System.getenv().getOrDefault("SEKISHO_STATE", "");
    return new LabFolder(text.isEmpty() ? DEFAULT : Path.of(text).toAbsolutePath());
  }

  /** What of the lab is up. */
  public Path description() {
    return root.resolve("lab.json");
  }

  /** Profile of the console. */
  public Path consoleProfile() {
    return root.resolve("console.json");
  }

  /** Certificates and keys. */
  public Path pki() {
    return root.resolve("pki");
  }

  /** One file for each background process. */
  public Path processes() {
    return root.resolve("processes");
  }

  /** Logs; kept by {@code down}. */
  public Path logs() {
    return root.resolve("logs");
  }

  /** Data of etcd. */
  public Path etcd() {
    return root.resolve("etcd");
  }

  /** Counters of the pods' processes. */
  public Path counters() {
    return root.resolve("counters");
  }

  /** An agent's configuration. */
  public Path agentConfiguration(String node) {
    return root.resolve("nodes").resolve(node).resolve("agent.yaml");
  }

  /** An agent's state folder. */
  public Path agentState(String node) {
    return root.resolve("nodes").resolve(node).resolve("state");
  }

  /** The file that an agent's clock follows, if the lab has fake clocks. */
  public Path clock(String node) {
    return root.resolve("nodes").resolve(node).resolve("clock");
  }

  /** An agent's sockets. Short: the path of a Unix socket has at most 107 bytes. */
  public Path agentRun(String node) {
    return root.resolve("run").resolve(node);
  }
}
