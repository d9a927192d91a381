package io.sekisho.console.kubernetes.agents;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.grpc.ManagedChannel;
import io.sekisho.console.core.AgentCredentials;
import io.sekisho.console.core.AgentRoutes;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.core.kubernetes.KubernetesContext.Reach;
import io.sekisho.console.kubernetes.client.ApiClient;
import io.sekisho.console.kubernetes.client.Refusals;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The agents that run as pods: found by their label, reached through the API server or directly.
 * Our certificate comes from a Secret, which stays in memory, or from the profile's files.
 */
public final class PodRoutes implements AgentRoutes {
  /** The label of the agents' pods. */
  public static final String LABEL = "app.kubernetes.io/name";

  /** Its value. */
  public static final String NAME = "sekisho-agent";

  /** The agents' usual port (gRPC). */
  private static final int PORT = 4244;

  private static final String PORT_NAME = "grpc";

  private final ConnectionProfile profile;
  private final KubernetesContext context;
  private final Supplier<ApiClient> api;
  private final List<LocalPortForward> forwards = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /**
   * Nothing is asked yet.
   *
   * @param api gives the client; may throw {@link ConsoleException}
   */
  public PodRoutes(ConnectionProfile profile, KubernetesContext context, Supplier<ApiClient> api) {
    this.profile = profile;
    this.context = context;
    this.api = api;
  }

  @Override
  public Found find() {
    endForwards();
    ApiClient client = api.get();
    List<Pod> pods = pods(client);
    AgentCredentials credentials = credentials(client);
    List<Route> routes = new ArrayList<>();
    for (Pod pod : pods) {
      routes.add(
          context.reach() == Reach.DIRECT
              ? new Direct(pod, credentials)
              : new Forwarded(client, pod, credentials));
    }
    return new Found(routes, credentials.role());
  }

  /** Those that are ready first, those that are about to end last. */
  private List<Pod> pods(ApiClient client) {
    List<Pod> all =
        client.call(
            "The list of agents in " + context.namespace(),
            () ->
                client
                    .fabric8()
                    .pods()
                    .inNamespace(context.namespace())
                    .withLabel(LABEL, NAME)
                    .list()
                    .getItems());
    List<Pod> running =
        all.stream()
            .filter(p -> "Running".equals(p.getStatus().getPhase()))
            .sorted(Comparator.comparingInt(PodRoutes::rank))
            .toList();
    if (running.isEmpty()) {
      throw new ConsoleException(
          Code.DISCONNECTED,
          all.isEmpty()
              ? "no pod with "
                  + LABEL
                  + "="
                  + NAME
                  + " is in the namespace "
                  + context.namespace()
                  + "; are the agents installed there?"
              : "none of " + all.size() + " agents in " + context.namespace() + " runs.",
          null);
    }
    return running;
  }

  private static int rank(Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return 2;
    }
    return ready(pod) ? 0 : 1;
  }

  private static boolean ready(Pod pod) {
    return Optional.ofNullable(pod.getStatus().getConditions()).orElse(List.of()).stream()
        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  private AgentCredentials credentials(ApiClient client) {
    if (context.secret().isEmpty()) {
      return AgentCredentials.read(profile);
    }
    String where = "Secret " + context.namespace() + "/" + context.secret();
    Secret secret =
        client.call(
            "Our certificate for the agents, " + where + ",",
            () ->
                client
                    .fabric8()
                    .secrets()
                    .inNamespace(context.namespace())
                    .withName(context.secret())
                    .get());
    if (secret == null) {
      throw new ConsoleException(Code.BAD_PROFILE, "There is no " + where + ".", null);
    }
    Map<String, String> data = Optional.ofNullable(secret.getData()).orElse(Map.of());
    return AgentCredentials.of(
        where,
        bytes(data, "ca.crt", where),
        bytes(data, "tls.crt", where),
        bytes(data, "tls.key", where));
  }

  private static byte[] bytes(Map<String, String> data, String key, String where) {
    String text = data.get(key);
    if (text == null) {
      throw new ConsoleException(Code.BAD_PROFILE, where + " has no " + key + ".", null);
    }
    return Base64.getDecoder().decode(text);
  }

  private static int port(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .flatMap(c -> Optional.ofNullable(c.getPorts()).orElse(List.of()).stream())
        .filter(p -> PORT_NAME.equals(p.getName()))
        .map(p -> p.getContainerPort())
        .findFirst()
        .orElse(PORT);
  }

  private void endForwards() {
    for (LocalPortForward forward : forwards) {
      forwards.remove(forward);
      end(forward);
    }
  }

  private static void end(LocalPortForward forward) {
    try {
      forward.close();
    } catch (IOException e) {
      return; // it is gone, and must not keep others from being closed
    }
  }

  @Override
  public void close() {
    closed = true;
    endForwards();
  }

  /** Through the API server and the kubelet to the pod's port. */
  private final class Forwarded implements Route {
    private final ApiClient client;
    private final Pod pod;
    private final AgentCredentials credentials;
    private volatile Optional<LocalPortForward> opened = Optional.empty();

    Forwarded(ApiClient client, Pod pod, AgentCredentials credentials) {
      this.client = client;
      this.pod = pod;
      this.credentials = credentials;
    }

    @Override
    public String agent() {
      return pod.getSpec().getNodeName() + " (" + pod.getMetadata().getName() + ")";
    }

    @Override
    public ManagedChannel open() {
      LocalPortForward forward;
      try {
        forward =
            client
                .fabric8()
                .pods()
                .inNamespace(context.namespace())
                .withName(pod.getMetadata().getName())
                .portForward(port(pod), InetAddress.getLoopbackAddress(), 0);
      } catch (RuntimeException e) {
        throw Refusals.of("Forwarding a port to " + agent(), e);
      }
      forwards.add(forward);
      opened = Optional.of(forward);
      if (closed) {
        endForwards();
        throw new ConsoleException(Code.DISCONNECTED, "The connection was closed.", null);
      }
      return credentials.open("127.0.0.1:" + forward.getLocalPort(), context.serverName());
    }

    /** The API server's or the kubelet's word: of the connection one only sees that it ended. */
    @Override
    public Optional<String> trouble() {
      return opened.stream()
          .flatMap(
              f ->
                  Stream.concat(f.getServerThrowables().stream(), f.getClientThrowables().stream()))
          .findFirst()
          .map(t -> Refusals.of("Forwarding a port to " + agent(), t).getMessage());
    }
  }

  /** The agent's port at its node's address: agents share their node's network. */
  private final class Direct implements Route {
    private final Pod pod;
    private final AgentCredentials credentials;

    Direct(Pod pod, AgentCredentials credentials) {
      this.pod = pod;
      this.credentials = credentials;
    }

    @Override
    public String agent() {
      String host = pod.getStatus().getHostIP();
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port(pod);
    }

    @Override
    public ManagedChannel open() {
      return credentials.open(agent(), context.serverName());
    }
  }
}
