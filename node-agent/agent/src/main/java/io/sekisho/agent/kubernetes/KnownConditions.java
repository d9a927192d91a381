package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiException.Code;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.agent.kubernetes.Condition.Stamped;
import io.sekisho.policy.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that objects of the API server have: read once for each kind when this agent
 * begins to lead, then as it wrote them. So what an earlier leader wrote is not written again, and
 * a condition keeps the time since which its status holds. Belongs to one thread.
 */
final class KnownConditions {
  private static final System.Logger LOG = System.getLogger(KnownConditions.class.getName());
  private static final long PAGE = 500;

  private final ApiServer api;
  private final Set<Kind> read = EnumSet.noneOf(Kind.class);
  private final Map<String, Map<String, Stamped>> byUid = new HashMap<>();

  KnownConditions(ApiServer api) {
    this.api = api;
  }

  /** Another agent may write from now on. */
  void forget() {
    read.clear();
    byUid.clear();
  }

  /** Whether it is known what objects of a kind have; reads it if it is not. */
  boolean reads(Kind kind) {
    if (!read.contains(kind)) {
      try {
        boolean served = PolicyKinds.resources(kind).stream().anyMatch(this::isRead);
        LOG.log(System.Logger.Level.DEBUG, "{0}: read, served: {1}", kind, served);
        read.add(kind);
      } catch (ApiException e) {
        LOG.log(
            System.Logger.Level.DEBUG, "statuses of {0} are not read: {1}", kind, e.getMessage());
        return false;
      }
    }
    return true;
  }

  /** Whether the server knows the kind in this version. */
  private boolean isRead(ResourceKind kind) {
    @Nullable String next = null;
    try {
      do {
        var options = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
        var page = api.list(kind, "", options);
        page.getItems().forEach(this::take);
        next = page.getMetadata().getContinue();
      } while (next != null && !next.isEmpty());
      return true;
    } catch (ApiException e) {
      if (e.code() == Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void take(GenericKubernetesResource object) {
    var conditions = new LinkedHashMap<String, Stamped>();
    for (Map<?, ?> fields : Fields.maps(Fields.map(object, "status"), "conditions")) {
      Stamped condition = Stamped.of(fields);
      conditions.put(condition.condition().type(), condition);
    }
    if (!conditions.isEmpty()) {
      byUid.put(object.getMetadata().getUid(), conditions);
    }
  }

  /** Whether an object has them. */
  boolean has(String uid, List<Condition> conditions) {
    Map<String, Stamped> known = byUid.getOrDefault(uid, Map.of());
    return conditions.stream()
        .allMatch(c -> known.containsKey(c.type()) && known.get(c.type()).says(c));
  }

  /** With the times since which their status holds: now, unless an object has it already. */
  List<Stamped> stamped(String uid, List<Condition> conditions, Instant now) {
    Map<String, Stamped> known = byUid.getOrDefault(uid, Map.of());
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return conditions.stream().map(c -> stamped(c, known, time)).toList();
  }

  private static Stamped stamped(Condition now, Map<String, Stamped> known, String time) {
    String since =
        Optional.ofNullable(known.get(now.type()))
            .filter(before -> before.condition().status().equals(now.status()))
            .map(Stamped::since)
            .filter(before -> !before.isEmpty())
            .orElse(time);
    return new Stamped(now, since);
  }

  /** An object has these now. */
  void written(String uid, List<Stamped> conditions) {
    var all = new LinkedHashMap<String, Stamped>();
    conditions.forEach(c -> all.put(c.condition().type(), c));
    byUid.put(uid, all);
  }

  /** Those of all other objects are not asked for again. */
  void retain(Collection<String> uids) {
    byUid.keySet().retainAll(Set.copyOf(uids));
  }
}
