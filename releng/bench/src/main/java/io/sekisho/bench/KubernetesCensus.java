package io.sekisho.bench;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.api.v1.EndpointsGrpc;
import io.sekisho.api.v1.IdentitiesGrpc;
import io.sekisho.api.v1.ListEndpointsRequest;
import io.sekisho.api.v1.ListIdentitiesRequest;
import io.sekisho.lab.AgentClient;
import io.sekisho.lab.Await;
import io.sekisho.lab.LabException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * How many things the API server, the agent and its kernel know: the same after a churn as before
 * it, for as many went as came.
 *
 * @param counts by what is counted
 */
record KubernetesCensus(Map<String, Long> counts) {
  /** What was let go a moment ago may still be on its way. */
  private static final Duration SETTLES = Duration.ofSeconds(30);

  private static final long SECONDS = 10;

  /** The numbers of the real node's pods go on, until they lie in another slice. */
  private static final double ONE_MORE = 1;

  private static final String GROUP = "sekisho.io";

  /** Counts all of it. */
  static KubernetesCensus of(KubernetesNode node, KubernetesContent content) {
    var all = new TreeMap<String, Long>();
    for (ResourceKind kind :
        new ResourceKind[] {
          ResourceKind.POD,
          ResourceKind.ENDPOINT_SLICE,
          ResourceKind.LEASE,
          KubernetesSlices.KIND,
          new ResourceKind(GROUP, "v1", "SekishoIdentity", "sekishoidentities", true)
        }) {
      all.put("API server: " + kind.plural(), content.count(kind));
    }
    try (NodeMaps maps = KubernetesNode.maps();
        var client = new AgentClient(node.socket())) {
      maps.counts().forEach((name, count) -> all.put("kernel: " + name, count));
      ask(client.channel(), all);
    }
    return new KubernetesCensus(all);
  }

  private static void ask(Channel agent, Map<String, Long> into) {
    try {
      into.put(
          "agent: endpoints of all nodes",
          (long)
              EndpointsGrpc.newBlockingStub(agent)
                  .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                  .list(ListEndpointsRequest.getDefaultInstance())
                  .getEndpointsCount());
      into.put(
          "agent: identities",
          (long)
              IdentitiesGrpc.newBlockingStub(agent)
                  .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                  .list(ListIdentitiesRequest.getDefaultInstance())
                  .getIdentitiesCount());
    } catch (StatusRuntimeException e) {
      throw new LabException(LabException.Code.AGENT, "the agent does not count: " + e, e);
    }
  }

  /** Counts again until it is as before, for a while at most, and tells. */
  void compare(KubernetesNode node, KubernetesContent content, Consumer<Result> told) {
    var now = new AtomicReference<>(of(node, content));
    try {
      Await.until(
          SETTLES,
          () -> "",
          () -> {
            now.set(of(node, content));
            return now.get().equals(this);
          });
    } catch (LabException e) {
      if (e.code() != LabException.Code.TIMEOUT) {
        throw e;
      }
    }
    counts.forEach(
        (name, before) -> {
          long after = now.get().counts().getOrDefault(name, 0L);
          told.accept(
              Result.atMost(
                  "Kubernetes: change of " + name,
                  Math.abs(after - before),
                  "",
                  name.endsWith(KubernetesSlices.KIND.plural()) ? ONE_MORE : 0,
                  before + " before, " + after + " after"));
        });
  }
}
