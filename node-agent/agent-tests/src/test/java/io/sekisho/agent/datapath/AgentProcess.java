package io.sekisho.agent.datapath;

import io.sekisho.netlink.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Talks to an {@link AgentProgram} in a node's network namespace. */
final class AgentProcess {
  private final Process process;
  private final BufferedReader said;
  private final OutputStream orders;

  /** Starts one, and waits until it serves. */
  AgentProcess(NetworkNamespace node, Path config) {
    var builder =
        new ProcessBuilder(
            "nsenter",
            "--net=" + node.path(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            AgentProgram.class.getName(),
            config.toString());
    try {
      process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    said = process.inputReader(StandardCharsets.UTF_8);
    orders = process.getOutputStream();
    expect("started");
  }

  private String line() {
    try {
      return String.valueOf(said.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void expect(String word) {
    String line = line();
    if (!line.equals(word)) {
      process.destroyForcibly();
      throw new AssertionError("the agent says '" + line + "', not '" + word + "'");
    }
  }

  private void order(String word) {
    try {
      orders.write((word + "\n").getBytes(StandardCharsets.UTF_8));
      orders.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many endpoints it has, and how many of them are ready: {@code "2 1"}. */
  String endpoints() {
    order("status");
    return line();
  }

  /** Ends it; the kernel goes on. */
  void end() {
    order("end");
    ended();
  }

  /** Ends it, and takes all of the node from the kernel. */
  void uninstall() {
    order("uninstall");
    ended();
  }

  private void ended() {
    expect("ended");
    int status = process.onExit().join().exitValue();
    if (status != 0) {
      throw new AssertionError("the agent ended with status " + status);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }
}
