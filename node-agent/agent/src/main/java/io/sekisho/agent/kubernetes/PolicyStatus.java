package io.sekisho.agent.kubernetes;

import com.google.gson.Gson;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiException.Code;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.LeaderLease;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.kubernetes.Condition.Stamped;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes what becomes of the API server's documents into their status: the conditions Valid and
 * Realized, of expectations Valid and Holds; and an event where one does not count or hold. One
 * agent of the cluster does it, the one that leads. NetworkPolicy has no status (Kubernetes took it
 * out in 1.28), and so only gets events.
 *
 * <p>A node realizes an object if it tells a state of the kind, one number over all objects, that
 * the object was in: states are numbered as this agent sees them, and an object counts from the
 * state on that it came with.
 */
final class PolicyStatus implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PolicyStatus.class.getName());
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Gson GSON = new Gson();

  /** So many writes in an interval leave room for the leases in the same budget of requests. */
  private static final int WRITES = 8;

  private final ApiServer api;
  private final LeaderLease leader;
  private final EventWriter events;
  private final PolicyObjects objects;
  private final MergedIntent merged;
  private final Proofs proofs;
  private final Supplier<Inventory> inventory;
  private final Clock clock;
  private final Map<Kind, States> states = new EnumMap<>(Kind.class);
  private final KnownConditions known;
  private final Set<Kind> without = new HashSet<>(Set.of(Kind.NETWORK_POLICY));
  private final Thread thread;

  /** Where the next look goes on, so that objects whose status is refused do not hold up others. */
  private int next;

  PolicyStatus(
      ApiServer api,
      LeaderLease leader,
      EventWriter events,
      PolicyObjects objects,
      MergedIntent merged,
      Proofs proofs,
      Supplier<Inventory> inventory,
      Clock clock) {
    this.api = api;
    this.leader = leader;
    this.events = events;
    this.objects = objects;
    this.merged = merged;
    this.proofs = proofs;
    this.inventory = inventory;
    this.clock = clock;
    known = new KnownConditions(api);
    thread = Thread.ofVirtual().name("policy-status").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        if (leader.leads()) {
          look();
        } else {
          known.forget();
          states.clear();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Before the cluster is known, numbers of nodes would be wrong. */
  private void look() {
    if (!inventory.get().synced()) {
      return;
    }
    List<PolicyObject> all = objects.served();
    Set<DocumentName> names = merged.taken();
    prove(all);
    Collection<Node> nodes = inventory.get().nodes().values();
    var told = new EnumMap<Kind, long[]>(Kind.class);
    for (Kind kind : PolicyKinds.read()) {
      States of = states.computeIfAbsent(kind, k -> new States());
      of.now(MergedIntent.digest(kind, all, names), all.stream().filter(o -> o.kind() == kind));
      told.put(kind, numbers(of, kind, nodes));
    }
    Set<Kind> writable = writable(all);
    int writes = 0;
    int looked = 0;
    for (; looked < all.size() && writes < WRITES; looked++) {
      PolicyObject object = all.get((next + looked) % all.size());
      Conditions now = conditions(object, names, told.getOrDefault(object.kind(), new long[0]));
      writes += warned(object, now) ? 1 : 0;
      if (writable.contains(object.kind()) && write(object, now)) {
        writes++;
      }
    }
    next = all.isEmpty() ? 0 : (next + looked) % all.size();
    known.retain(all.stream().map(PolicyObject::uid).toList());
  }

  /** The kinds whose objects have a status, and of which it is known what stands there. */
  private Set<Kind> writable(List<PolicyObject> all) {
    return all.stream()
        .map(PolicyObject::kind)
        .distinct()
        .filter(kind -> !without.contains(kind) && known.reads(kind))
        .collect(Collectors.toSet());
  }

  /** Which state of a kind each node realizes. */
  private static long[] numbers(States states, Kind kind, Collection<Node> nodes) {
    return nodes.stream()
        .mapToLong(n -> n.getKubernetesDocumentsOrDefault(kind.text(), 0L))
        .map(states::number)
        .toArray();
  }

  /** A fault of the prover must not end what is written of all others. */
  private void prove(List<PolicyObject> all) {
    try {
      proofs.look(all);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "expectations are not proved", e);
    }
  }

  /** Whether an event was to be written. */
  private boolean warned(PolicyObject object, Conditions now) {
    if (!now.valid()) {
      return events.warn(about(object), now.reason(), now.message());
    }
    // traps come and go with pods, events stay for an hour: where there is a status, it tells
    String warning = without.contains(object.kind()) ? warning(object) : object.warning();
    if (!warning.isEmpty()) {
      return events.warn(about(object), Conditions.WARNED, warning);
    }
    Optional<String> broken = now.proved().flatMap(Proofs.Proved::broken);
    return broken.isPresent() && events.warn(about(object), Conditions.BROKEN, broken.get());
  }

  private static EventWriter.About about(PolicyObject object) {
    return new EventWriter.About(
        object.apiVersion(), object.kind().text(), object.namespace(), object.name(), object.uid());
  }

  private Conditions conditions(PolicyObject object, Set<DocumentName> names, long[] told) {
    if (names.contains(object.documentName())) {
      String message = "a document of that name was pushed; remove one of the two";
      return Conditions.wrong("NameTaken", message, told.length);
    }
    if (!object.error().isEmpty()) {
      String more = object.yaml().isEmpty() ? "" : "; what it said before stays in force";
      return Conditions.wrong("Invalid", object.error() + more, told.length);
    }
    States kind = states.getOrDefault(object.kind(), new States());
    int realized = (int) Arrays.stream(told).filter(n -> kind.has(n, object)).count();
    return object.kind() == Kind.EXPECTATION
        ? Conditions.expectation(warning(object), proofs.of(object))
        : Conditions.policy(warning(object), realized, told.length);
  }

  /** What is suspicious in its text, and in it among all others. */
  private String warning(PolicyObject object) {
    return Stream.of(object.warning(), proofs.traps(object))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /** Whether something was to be written. */
  private boolean write(PolicyObject object, Conditions now) {
    List<Condition> conditions = now.list(object);
    if (known.has(object.uid(), conditions)) {
      return false;
    }
    List<Stamped> stamped = known.stamped(object.uid(), conditions, clock.instant());
    try {
      api.patch(
          resource(object),
          object.namespace(),
          object.name(),
          ApiServer.Patch.MERGE_STATUS,
          GSON.toJson(
              Map.of(
                  "status", Map.of("conditions", stamped.stream().map(Stamped::fields).toList()))));
      known.written(object.uid(), stamped);
    } catch (ApiException e) {
      if (e.code() == Code.NOT_FOUND && isThere(object)) {
        without.add(object.kind());
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "the status of {0} is not written: {1}",
          object.documentName(),
          e.getMessage());
    }
    return true;
  }

  private boolean isThere(PolicyObject object) {
    try {
      return api.get(resource(object), object.namespace(), object.name()).isPresent();
    } catch (ApiException e) {
      return false;
    }
  }

  private static ResourceKind resource(PolicyObject object) {
    return PolicyKinds.resources(object.kind()).stream()
        .filter(r -> r.apiVersion().equals(object.apiVersion()))
        .findFirst()
        .orElseGet(() -> PolicyKinds.resources(object.kind()).getFirst());
  }

  @Override
  public void close() {
    thread.interrupt();
    leader.close();
  }
}
