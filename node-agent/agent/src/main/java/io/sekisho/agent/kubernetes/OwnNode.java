package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.apiserver.ResourceKind;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * This node's object in Kubernetes. Once the agent serves, the taint that keeps pods away until
 * then goes, and the condition NetworkUnavailable is set to False; both again should they come
 * back.
 */
final class OwnNode implements ListWatch.Handler {
  /** Puts pods off until the agent serves them; set by whoever makes nodes. */
  static final String TAINT = "node.sekisho.io/agent-not-ready";

  private static final System.Logger LOG = System.getLogger(OwnNode.class.getName());
  private static final String CONDITION = "NetworkUnavailable";

  private final ApiServer api;
  private final String name;
  private final Clock clock;
  private volatile Optional<Facts> facts = Optional.empty();
  private final AtomicBoolean marking = new AtomicBoolean();
  private boolean told;

  /**
   * What is used of the node.
   *
   * @param labels its labels
   * @param cordoned whether no new pods shall come
   */
  record Facts(Map<String, String> labels, boolean cordoned) {}

  OwnNode(ApiServer api, String name, Clock clock) {
    this.api = api;
    this.name = name;
    this.clock = clock;
  }

  /** As the server told it last; empty if there is no such node. */
  Optional<Facts> facts() {
    return facts;
  }

  @Override
  public void reset() {
    told = false;
  }

  @Override
  public void put(GenericKubernetesResource node) {
    told = true;
    Map<?, ?> spec = Fields.map(node, "spec");
    facts =
        Optional.of(
            new Facts(
                Fields.copy(node.getMetadata().getLabels()), Fields.flag(spec, "unschedulable")));
    if ((tainted(node) || !available(node)) && marking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("node-ready").start(this::ready);
    }
  }

  @Override
  public void deleted(GenericKubernetesResource node) {
    facts = Optional.empty();
  }

  @Override
  public void synced() {
    if (!told) {
      facts = Optional.empty();
    }
  }

  private void ready() {
    try {
      Optional<GenericKubernetesResource> node = api.get(ResourceKind.NODE, "", name);
      if (node.isPresent() && !available(node.get())) {
        api.patch(ResourceKind.NODE, "", name, ApiServer.Patch.STRATEGIC_STATUS, condition());
        LOG.log(System.Logger.Level.INFO, "node {0}: {1} is False", name, CONDITION);
      }
      Optional<GenericKubernetesResource> now = api.get(ResourceKind.NODE, "", name);
      if (now.isPresent() && tainted(now.get())) {
        GenericKubernetesResource written = api.replace(ResourceKind.NODE, withoutTaint(now.get()));
        LOG.log(
            System.Logger.Level.INFO,
            "node {0}: the taint {1} is gone",
            written.getMetadata().getName(),
            TAINT);
      }
    } catch (ApiException e) {
      // With a conflict another change of the node follows, and with it another try.
      LOG.log(System.Logger.Level.WARNING, "node {0} not marked ready: {1}", name, e.getMessage());
    } finally {
      marking.set(false);
    }
  }

  private static boolean tainted(GenericKubernetesResource node) {
    return Fields.maps(Fields.map(node, "spec"), "taints").stream()
        .anyMatch(t -> Fields.text(t, "key").equals(TAINT));
  }

  private static boolean available(GenericKubernetesResource node) {
    return Fields.maps(Fields.map(node, "status"), "conditions").stream()
        .anyMatch(
            c ->
                Fields.text(c, "type").equals(CONDITION)
                    && Fields.text(c, "status").equals("False"));
  }

  static GenericKubernetesResource withoutTaint(GenericKubernetesResource node) {
    Map<?, ?> spec = Fields.map(node, "spec");
    var taints = new ArrayList<Object>(Fields.list(spec, "taints"));
    taints.removeIf(t -> t instanceof Map<?, ?> map && Fields.text(map, "key").equals(TAINT));
    Map<String, Object> newSpec = Fields.without(spec, List.of("taints"));
    newSpec.put("taints", taints);
    Map<String, Object> rest = Fields.without(node.getAdditionalProperties(), List.of("spec"));
    rest.put("spec", newSpec);
    return node.toBuilder().withAdditionalProperties(new LinkedHashMap<>(rest)).build();
  }

  private String condition() {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return """
        {"status": {"conditions": [{"type": "%s", "status": "False", "reason": "SekishoIsUp",
        "message": "Sekisho's agent serves this node", "lastHeartbeatTime": "%s",
        "lastTransitionTime": "%s"}]}}"""
        .formatted(CONDITION, now, now);
  }
}
