package io.sekisho.lab;

import io.sekisho.api.v1.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a lab is at a moment.
 *
 * @param etcdUp whether the store's process runs
 * @param nodes in order
 * @param processes of pods, then of outside machines
 */
public record LabStatus(boolean etcdUp, List<NodeStatus> nodes, List<ProcessStatus> processes) {
  /** Keeps immutable copies. */
  public LabStatus {
    nodes = List.copyOf(nodes);
    processes = List.copyOf(processes);
  }

  /**
   * A node.
   *
   * @param agentUp whether the agent's process runs
   * @param state as the cluster says, empty when nobody could be asked
   * @param store how the node sees the store
   * @param endpoints how many it has
   * @param revision that it realizes
   * @param agentBytes resident memory of the agent
   */
  public record NodeStatus(
      String name,
      boolean agentUp,
      String state,
      String store,
      int endpoints,
      long revision,
      long agentBytes) {}

  /**
   * A process of the shop.
   *
   * @param name {@code namespace/pod} or {@code world/name}
   * @param node empty outside the cluster
   * @param addresses its addresses
   * @param counters how often calls went well or failed, by name
   */
  public record ProcessStatus(
      String name, String node, boolean up, List<String> addresses, Map<String, Long> counters) {}

  /** Whether every process that should run does. */
  public boolean well() {
    return etcdUp
        && nodes.stream().allMatch(NodeStatus::agentUp)
        && processes.stream().allMatch(ProcessStatus::up);
  }

  /** Asks processes, counters and one agent that answers. */
  public static LabStatus of(Lab lab) {
    LabDescription description = lab.description();
    List<Node> known = ask(lab, description);
    List<NodeStatus> nodes = new ArrayList<>();
    for (LabNode node : description.labNodes()) {
      Node said =
          known.stream()
              .filter(other -> other.getName().equals(node.name()))
              .findFirst()
              .orElse(Node.getDefaultInstance());
      nodes.add(
          new NodeStatus(
              node.name(),
              lab.agent(node.name()).isUp(),
              said.getName().isEmpty() ? "" : said.getState().name(),
              said.getStore(),
              said.getEndpoints(),
              said.getRealizedRevision(),
              said.getAgentRssBytes()));
    }
    return new LabStatus(lab.etcd().isUp(), nodes, processes(lab, description));
  }

  private static List<Node> ask(Lab lab, LabDescription description) {
    for (LabNode node : description.labNodes()) {
      if (lab.agent(node.name()).isUp()) {
        try (AgentClient client = lab.client(node.name())) {
          return client.nodes();
        } catch (LabException e) {
          // the next one may answer
        }
      }
    }
    return List.of();
  }

  private static List<ProcessStatus> processes(Lab lab, LabDescription description) {
    List<ProcessStatus> processes = new ArrayList<>();
    Workloads workloads = lab.workloads();
    for (Pod pod : description.pods()) {
      if (Files.exists(workloads.counters(pod.fileName()))) {
        processes.add(
            process(workloads, pod.fullName(), pod.fileName(), pod.node(), pod.addresses()));
      }
    }
    if (description.shop()) {
      for (World world : List.of(ShopPlan.INTERNET, ShopPlan.SCANNER)) {
        String file = "world-" + world.name();
        processes.add(process(workloads, "world/" + world.name(), file, "", world.addresses()));
      }
    }
    return processes;
  }

  private static ProcessStatus process(
      Workloads workloads, String name, String file, String node, List<String> addresses) {
    Map<String, Long> counters = new LinkedHashMap<>();
    try (Stream<String> lines = Files.lines(workloads.counters(file))) {
      lines.forEach(
          line -> {
            int blank = line.lastIndexOf(' ');
            counters.put(line.substring(0, blank), Long.parseLong(line.substring(blank + 1)));
          });
    } catch (IOException e) {
      // it has not counted yet
    }
    boolean up = workloads.daemon(file).pid().isPresent();
    return new ProcessStatus(name, node, up, addresses, counters);
  }
}
