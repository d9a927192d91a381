package io.sekisho.agent.kubernetes;

import com.google.gson.Gson;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.policy.Cidr;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * This node's object in Kubernetes. Once the agent serves, the taint that keeps pods away until
 * then goes, and the condition NetworkUnavailable is set to False; both again should they come
 * back.
 */
final class OwnNode {
  /** Puts pods off until the agent serves them; set by whoever makes nodes. */
  static final String TAINT = "node.sekisho.io/agent-not-ready";

  private static final System.Logger LOG = System.getLogger(OwnNode.class.getName());
  private static final String CONDITION = "NetworkUnavailable";

  /** True where pods get another network than ours, with the reason in its message. */
  static final String OTHER_FIRST = "OtherNetworkFirst";

  private static final Gson GSON = new Gson();

  /** Between two tries to mark the node, which fail when others change it at the same moment. */
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final ApiServer api;
  private final String name;
  private final Clock clock;
  private final LongSupplier nanos;
  private final ObjectTable<Facts> table;
  private final AtomicBoolean marking = new AtomicBoolean();
  private volatile Optional<Long> tried = Optional.empty();

  /**
   * What is used of the node.
   *
   * @param labels its labels
   * @param ranges of its pods
   * @param cordoned whether no new pods shall come
   * @param ready whether it is marked as one that an agent serves
   * @param otherFirst what it says of another network that comes before ours; empty if nothing
   */
  record Facts(
      Map<String, String> labels,
      List<Cidr> ranges,
      boolean cordoned,
      boolean ready,
      String otherFirst) {
    static Facts of(GenericKubernetesResource node) {
      return new Facts(
          Fields.copy(node.getMetadata().getLabels()),
          NodeRanges.ranges(node),
          Fields.flag(Fields.map(node, "spec"), "unschedulable"),
          available(node) && !tainted(node),
          conditions(node)
              .filter(c -> is(c, OTHER_FIRST, "True"))
              .map(c -> Fields.text(c, "message"))
              .findFirst()
              .orElse(""));
    }
  }

  /**
   * Nothing is known yet.
   *
   * @param changed hears that something is different; must not block
   * @param nanos the ticker
   */
  OwnNode(ApiServer api, String name, Runnable changed, Clock clock, LongSupplier nanos) {
    this.api = api;
    this.name = name;
    this.clock = clock;
    this.nanos = nanos;
    table = new ObjectTable<>((object, before) -> Facts.of(object), changed, nanos);
  }

  ListWatch.Handler handler() {
    return table;
  }

  /** As the server told it last; empty if there is no such node. */
  Optional<Facts> facts() {
    return table.get(name);
  }

  /** Whether what is known is to be used. */
  boolean settled() {
    return table.settled();
  }

  /** Whether the server has said whether there is such a node. */
  boolean told() {
    return table.told();
  }

  /** Brings back the labels that an earlier agent knew. */
  void restore(Map<String, String> labels) {
    table.restore(Map.of(name, new Facts(labels, List.of(), false, true, "")));
  }

  /**
   * Marks the node as ready if it is not, and as one that pods have another network on if that is
   * so; does not block.
   *
   * @param otherFirst of the other network, in a sentence; empty if there is none
   */
  void mark(String otherFirst) {
    boolean early = tried.filter(t -> nanos.getAsLong() - t < AGAIN.toNanos()).isPresent();
    if (!early
        && facts().filter(f -> !f.ready() || !f.otherFirst().equals(otherFirst)).isPresent()
        && marking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("node-ready").start(() -> ready(otherFirst));
    }
  }

  private void ready(String otherFirst) {
    try {
      Optional<GenericKubernetesResource> node = api.get(ResourceKind.NODE, "", name);
      if (node.isPresent() && !Facts.of(node.get()).otherFirst().equals(otherFirst)) {
        set(
            otherFirst.isEmpty()
                ? condition(OTHER_FIRST, "False", "OursIsFirst", "pods get Sekisho's network")
                : condition(OTHER_FIRST, "True", "OtherIsFirst", otherFirst));
      }
      if (node.isPresent() && !available(node.get())) {
        set(condition(CONDITION, "False", "SekishoIsUp", "Sekisho's agent serves this node"));
        LOG.log(System.Logger.Level.INFO, "node {0}: {1} is False", name, CONDITION);
        node = api.get(ResourceKind.NODE, "", name);
      }
      if (node.isPresent() && tainted(node.get())) {
        GenericKubernetesResource written =
            api.replace(ResourceKind.NODE, withoutTaint(node.get()));
        LOG.log(
            System.Logger.Level.INFO,
            "node {0}: the taint {1} is gone",
            written.getMetadata().getName(),
            TAINT);
      }
    } catch (ApiException e) {
      LOG.log(System.Logger.Level.WARNING, "node {0} not marked ready: {1}", name, e.getMessage());
    } finally {
      tried = Optional.of(nanos.getAsLong());
      marking.set(false);
    }
  }

  private static boolean tainted(GenericKubernetesResource node) {
    return Fields.maps(Fields.map(node, "spec"), "taints").stream()
        .anyMatch(t -> Fields.text(t, "key").equals(TAINT));
  }

  private static boolean available(GenericKubernetesResource node) {
    return conditions(node).anyMatch(c -> is(c, CONDITION, "False"));
  }

  private static Stream<? extends Map<?, ?>> conditions(GenericKubernetesResource node) {
    return Fields.maps(Fields.map(node, "status"), "conditions").stream();
  }

  private static boolean is(Map<?, ?> condition, String type, String status) {
    return Fields.text(condition, "type").equals(type)
        && Fields.text(condition, "status").equals(status);
  }

  private void set(String conditions) {
    api.patch(ResourceKind.NODE, "", name, ApiServer.Patch.STRATEGIC_STATUS, conditions);
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

  private String condition(String type, String status, String reason, String message) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    Map<String, String> fields =
        Map.of(
            "type",
            type,
            "status",
            status,
            "reason",
            reason,
            "message",
            message,
            "lastHeartbeatTime",
            now,
            "lastTransitionTime",
            now);
    return GSON.toJson(Map.of("status", Map.of("conditions", List.of(fields))));
  }
}
