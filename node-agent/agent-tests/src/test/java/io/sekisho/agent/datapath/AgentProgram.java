package io.sekisho.agent.datapath;

import io.sekisho.agent.Agent;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConfigReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;

/**
 * An agent as a process of its own, in the network namespace that it is started in: threads keep
 * the namespace of who makes them, and a test's process shares some with its other tests. Obeys
 * lines of standard input, and answers each with a line.
 */
final class AgentProgram {
  private AgentProgram() {}

  /** Runs with a configuration file until {@code end}, or {@code uninstall}. */
  public static void main(String[] arguments) throws IOException {
    AgentConfig config = ConfigReader.read(Path.of(arguments[0]));
    var datapath = new KernelDatapath(Clock.systemUTC());
    Agent agent = Agent.start(config, datapath, new LinuxKernel());
    System.out.println("started");
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.equals("status")) {
        System.out.println(agent.status().endpoints() + " " + agent.status().readyEndpoints());
        continue;
      }
      agent.close();
      if (line.equals("uninstall")) {
        datapath.uninstall();
      }
      System.out.println("ended");
      System.exit(0);
    }
    System.exit(1);
  }
}
