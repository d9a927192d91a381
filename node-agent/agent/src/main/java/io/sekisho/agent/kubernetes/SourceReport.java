package io.sekisho.agent.kubernetes;

import io.sekisho.agent.apiserver.ApiException.Code;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.health.Health;
import io.sekisho.policy.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Says in health what is wrong between this node and the API server, and what holds meanwhile. */
final class SourceReport {
  private static final String COMPONENT = "kubernetes";
  private static final String POLICIES = "kubernetes policies";
  private static final String OBJECTS = "kubernetes objects";
  private static final String BANDWIDTH = "bandwidth of pods";
  private static final String NODE = "kubernetes node";
  private static final String CNI = "cni configuration";
  private static final String CLOCK = "clock";

  /** Certificates bear more; a person who compares times does not. */
  private static final Duration SKEW = Duration.ofSeconds(30);

  private final ApiServer api;
  private final PolicyObjects policies;
  private final Health health;

  SourceReport(ApiServer api, PolicyObjects policies, Health health) {
    this.api = api;
    this.policies = policies;
    this.health = health;
  }

  /**
   * Looks once.
   *
   * @param ofPolicies follow policies
   * @param ofOthers follow all else
   * @param node what is wrong with the node's own object
   * @param otherFirst of a network that pods get instead of ours; empty if there is none
   * @param pods whose annotations are wrong
   */
  void look(
      Collection<ListWatch> ofPolicies,
      Collection<ListWatch> ofOthers,
      Optional<String> node,
      String otherFirst,
      List<PodFacts> pods) {
    ApiServer.Health now = api.health();
    report(
        COMPONENT,
        now.available()
            ? List.of()
            : List.of(
                now.message()
                    + ", since "
                    + now.since()
                    + "; traffic, policies and known pods go on"));
    var sentences = new ArrayList<String>(troubles(ofPolicies, now.available()));
    policies.missing().stream().filter(k -> policies.count(k) > 0).forEach(k -> add(k, sentences));
    List<Kind> unread = policies.unread();
    if (!unread.isEmpty()) {
      sentences.add(
          "no policy takes effect until the API server has told of " + PolicyObjects.words(unread));
    }
    report(POLICIES, sentences);
    report(OBJECTS, troubles(ofOthers, now.available()));
    report(
        BANDWIDTH,
        pods.stream()
            .map(p -> p.namespace() + "/" + p.name() + ": " + p.limits().problem())
            .toList());
    report(NODE, node.stream().toList());
    report(CNI, otherFirst.isEmpty() ? List.of() : List.of(otherFirst));
    report(
        CLOCK,
        api.skew().filter(s -> s.abs().compareTo(SKEW) > 0).map(this::skew).stream().toList());
  }

  private void add(Kind kind, List<String> sentences) {
    int count = policies.count(kind);
    sentences.add(
        "the API server knows no "
            + kind.text()
            + " any more, and did not say that they were deleted: "
            + count
            + (count == 1 ? " stays" : " stay")
            + " in force as known last; bring the CRD back, and delete there what shall go");
  }

  /** A server that does not answer is told of once, not for each kind. */
  private static List<String> troubles(Collection<ListWatch> watches, boolean available) {
    return watches.stream()
        .flatMap(w -> w.trouble().stream())
        .filter(t -> t.code() != Code.NOT_FOUND && (available || t.code() == Code.DENIED))
        .map(t -> t.getMessage() + "; what was known of them stays")
        .distinct()
        .toList();
  }

  private String skew(Duration skew) {
    return "this node's clock is "
        + skew.abs().toSeconds()
        + " s "
        + (skew.isNegative() ? "behind" : "ahead of")
        + " the API server's: certificates may be refused, and times in statuses are wrong; leases"
        + " count seconds and go on";
  }

  private void report(String component, List<String> sentences) {
    if (sentences.isEmpty()) {
      health.clear(component);
    } else {
      health.report(component, String.join("; ", sentences));
    }
  }

  /** In one sentence for the node's message. */
  String sentence() {
    ApiServer.Health now = api.health();
    List<String> missing = policies.missing().stream().map(this::missing).sorted().toList();
    return (now.available() ? "ok" : now.message())
        + Optional.of(String.join(", ", missing))
            .filter(words -> !words.isEmpty())
            .map(words -> "; not known there: " + words)
            .orElse("");
  }

  private String missing(Kind kind) {
    int count = policies.count(kind);
    return kind.text() + (count == 0 ? "" : " (" + count + " kept in force)");
  }
}
