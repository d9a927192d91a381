package io.sekisho.console.kubernetes;

import io.grpc.ManagedChannel;
import io.sekisho.console.core.AgentRoutes.Found;
import io.sekisho.console.core.AgentRoutes.Route;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConnectionTest;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.console.core.Role;
import io.sekisho.console.core.kubernetes.Access;
import io.sekisho.console.core.kubernetes.Deed;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.kubernetes.agents.PodRoutes;
import io.sekisho.console.kubernetes.client.ApiClient;
import io.sekisho.console.kubernetes.client.Reviews;
import io.sekisho.console.kubernetes.config.Kubeconfigs;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Tries a profile once, step by step, and says how far it came. */
public final class KubernetesTest {
  private static final long PATIENCE_SECONDS = 30;

  private KubernetesTest() {}

  /** How far a test is. */
  public enum Step {
    SIGN_IN,
    API_SERVER,
    PERMISSIONS,
    AGENTS,
    CONNECTION
  }

  /**
   * What came of a test.
   *
   * @param version of the API server; empty if it did not answer
   * @param access what we may do there
   * @param agents how many run
   * @param agent which answered; empty if none did
   * @param role what we may do at the agents
   * @param failure why it ended before the end, one sentence; empty when all went well
   */
  public record Report(
      String server,
      String version,
      Access access,
      int agents,
      String agent,
      Role role,
      String failure) {
    /** Whether everything went well. */
    public boolean works() {
      return failure.isEmpty();
    }
  }

  /**
   * Tries it; cancelling ends it.
   *
   * @param progress told of each step, on another thread
   * @return what came of it: only cancelling makes the future fail
   */
  public static CompletableFuture<Report> run(ConnectionProfile profile, Consumer<Step> progress) {
    return Work.start("connection test", "The test", () -> new Attempt(profile, progress).run());
  }

  private static final class Attempt {
    private final ConnectionProfile profile;
    private final KubernetesContext context;
    private final Consumer<Step> progress;
    private String server = "";
    private String version = "";
    private Access access = Access.UNKNOWN;
    private int agents;
    private String agent = "";
    private Role role = Role.UNKNOWN;

    Attempt(ConnectionProfile profile, Consumer<Step> progress) {
      this.profile = profile;
      this.context = profile.kubernetes().orElseThrow();
      this.progress = progress;
    }

    Report run() {
      progress.accept(Step.SIGN_IN);
      try (ApiClient api = ApiClient.open(context)) {
        server = api.server();
        progress.accept(Step.API_SERVER);
        version = api.version();
        progress.accept(Step.PERMISSIONS);
        access = new Reviews(api, context, Kubeconfigs.namespace(context)).all();
        progress.accept(Step.AGENTS);
        try (PodRoutes routes = new PodRoutes(profile, context, () -> api)) {
          Found found = routes.find();
          agents = found.routes().size();
          role = found.role();
          progress.accept(Step.CONNECTION);
          agent = connect(found);
        }
        return report("");
      } catch (ConsoleException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        return report(sentence(e));
      }
    }

    /** The permission that is missing says more than a refused call. */
    private String sentence(ConsoleException e) {
      boolean forward = context.reach() == KubernetesContext.Reach.PORT_FORWARD;
      return access
          .refusal(Deed.FIND_AGENTS)
          .or(() -> access.refusal(Deed.READ_CERTIFICATE))
          .or(() -> forward ? access.refusal(Deed.FORWARD) : java.util.Optional.empty())
          .orElse(e.getMessage());
    }

    private String connect(Found found) {
      ConsoleException last = new ConsoleException(Code.DISCONNECTED, "No agent answers.", null);
      for (Route route : found.routes()) {
        ManagedChannel channel = route.open();
        try {
          ConnectionTest.ask(route.agent(), channel, PATIENCE_SECONDS / 3);
          return route.agent();
        } catch (ConsoleException e) {
          last =
              route.trouble().map(why -> new ConsoleException(Code.DISCONNECTED, why, e)).orElse(e);
        } catch (CompletionException e) {
          last = new ConsoleException(Code.DISCONNECTED, String.valueOf(e.getMessage()), e);
        } finally {
          channel.shutdownNow();
        }
        if (Thread.currentThread().isInterrupted()) {
          break;
        }
      }
      throw last;
    }

    private Report report(String failure) {
      return new Report(server, version, access, agents, agent, role, failure);
    }
  }
}
