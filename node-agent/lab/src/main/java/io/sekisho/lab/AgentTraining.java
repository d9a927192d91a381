package io.sekisho.lab;

import io.sekisho.lab.shop.Call;
import io.sekisho.lab.shop.Listener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Lets an agent do a little of everything while its JVM records (SEKISHO_AOT_OUTPUT of the agent's
 * launcher, inherited from our environment), so that later starts find classes loaded and linked.
 */
public final class AgentTraining {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private AgentTraining() {}

  /**
   * Brings up a lab of one node, uses it, ends its agent in order.
   *
   * @param recording the file that SEKISHO_AOT_OUTPUT names
   * @throws LabException with PROGRAM_FAILED if there is no recording after all
   */
  public static void run(Lab lab, Path recording) {
    lab.up(new Lab.Wish(1, false, false));
    try {
      Pod server = lab.addPod("shop", "database-1", "n1", Map.of("app", "database"));
      Pod client = lab.addPod("shop", "cart-1", "n1", Map.of("app", "cart"));
      lab.run(server, List.of(new Listener(Listener.Kind.STORE, 5432)), List.of());
      List<Call> calls =
          ShopPlan.calls(
              List.of(new ShopPlan.To("database", Call.Kind.STORE, 5432, 0, 50, 1)),
              List.of(server));
      lab.run(client, List.of(), calls);
      try (AgentClient agent = lab.client("n1")) {
        agent.push("training", ShopPolicies.texts(), List.of());
        agent.nodes();
        Await.until(
            PATIENCE, () -> "no flows were seen", () -> agent.nodes().get(0).getFlowsSeen() > 100);
      }
      lab.removePod(client);
      lab.agent("n1").stop(PATIENCE);
    } finally {
      lab.down();
    }
    if (!Files.isRegularFile(recording)) {
      throw new LabException(
          LabException.Code.PROGRAM_FAILED, "the agent ended without writing " + recording);
    }
  }
}
