package io.sekisho.agent.health;

import io.sekisho.agent.cluster.ClusterStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How the agent is at one moment, for the command line and the console; immutable. Numbers that are
 * not known are -1, never 0.
 *
 * @param node the node's name
 * @param version the agent's
 * @param kernel release, as {@code uname -r} says
 * @param started wall clock
 * @param startTook from the process's start until the agent served
 * @param problems what is wrong now
 * @param store the cluster store
 * @param intendedRevision revision that shall be realized
 * @param realizedRevision revision that the datapath realizes
 * @param endpoints local endpoints
 * @param readyEndpoints those whose policy is realized
 * @param maps fill of the datapath's maps
 * @param eventsLost events lost in the kernel since start
 * @param flowsSeen flows since start
 * @param rssBytes memory of the process
 */
public record Status(
    String node,
    String version,
    String kernel,
    Instant started,
    Duration startTook,
    List<Health.Problem> problems,
    ClusterStore.Health store,
    long intendedRevision,
    long realizedRevision,
    int endpoints,
    int readyEndpoints,
    List<MapUse> maps,
    long eventsLost,
    long flowsSeen,
    long rssBytes) {

  /** Keeps immutable copies. */
  public Status {
    problems = List.copyOf(problems);
    maps = List.copyOf(maps);
  }

  /** Whether nothing is wrong. */
  public boolean ready() {
    return problems.isEmpty() && store.available();
  }

  /** How full a map is; entries. */
  public record MapUse(String name, long entries, long capacity) {}
}
