package io.sekisho.console.core;

import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Optional;

/** The ways to a cluster's agents: found anew before each round of attempts. */
public interface AgentRoutes extends AutoCloseable {
  /**
   * Finds agents, which may take long.
   *
   * @throws ConsoleException with why there is none
   */
  Found find();

  /** Ends what was opened for channels. */
  @Override
  void close();

  /**
   * What was found.
   *
   * @param role what our certificate lets us do
   */
  record Found(List<Route> routes, Role role) {
    public Found {
      routes = List.copyOf(routes);
    }
  }

  /** A way to one agent. */
  interface Route {
    /** The agent in words: its address, or its pod. */
    String agent();

    /**
     * A channel to it; called on a thread that may block.
     *
     * @throws ConsoleException if there is no way
     */
    ManagedChannel open();

    /** Why the way itself leads nowhere, where it knows that better than who goes it. */
    default Optional<String> trouble() {
      return Optional.empty();
    }
  }
}
