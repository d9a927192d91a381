package io.sekisho.agent.endpoint;

import io.sekisho.agent.health.Health;
import io.sekisho.policy.Labels;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Moves endpoints to other labels when their pods or namespaces have others. Each endpoint is moved
 * on a virtual thread of its own, one move at a time; what fails stands in health and is tried with
 * the next look.
 */
public final class EndpointRelabelling {
  private static final System.Logger LOG = System.getLogger(EndpointRelabelling.class.getName());

  /** Between an identity's making and its use: the other nodes learn of it within some 100 ms. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Endpoints endpoints;
  private final EndpointService service;
  private final Health health;
  private final Set<Integer> moving = ConcurrentHashMap.newKeySet();

  /** Endpoints whose trouble stands in health. */
  private final Set<Integer> troubled = ConcurrentHashMap.newKeySet();

  /** Moves the endpoints of a node. */
  public EndpointRelabelling(Endpoints endpoints, EndpointService service, Health health) {
    this.endpoints = endpoints;
    this.service = service;
    this.health = health;
  }

  /** Looks at every endpoint once; any thread, does not block. */
  public void look(Function<EndpointSpec.Request, Optional<Labels>> wanted) {
    Map<Integer, LocalEndpoint> all = endpoints.all();
    for (LocalEndpoint endpoint : all.values()) {
      EndpointSpec spec = endpoint.spec();
      Optional<Labels> labels = wanted.apply(spec.request());
      if (endpoint.live().isEmpty() || labels.isEmpty()) {
        continue;
      }
      if (labels.get().equals(spec.request().labels())) {
        settled(spec.id());
      } else if (moving.add(spec.id())) {
        Thread.ofVirtual()
            .name("relabel endpoint " + spec.id())
            .start(() -> move(spec, labels.get()));
      }
    }
    troubled.stream().filter(id -> !all.containsKey(id)).forEach(this::settled);
  }

  /**
   * There is nothing left to be done: the labels are right, were put back, or the endpoint went.
   */
  private void settled(int id) {
    if (!moving.contains(id) && troubled.remove(id)) {
      health.clear(component(id));
    }
  }

  private static String component(int id) {
    return "labels of endpoint " + id;
  }

  private void move(EndpointSpec spec, Labels labels) {
    try {
      if (service.relabel(spec, labels, GRACE)) {
        LOG.log(System.Logger.Level.INFO, "endpoint {0} has the labels {1}", spec.id(), labels);
      }
      troubled.remove(spec.id());
      health.clear(component(spec.id()));
    } catch (EndpointException e) {
      troubled.add(spec.id());
      health.report(component(spec.id()), "they stay as they were: " + e.getMessage());
    } finally {
      moving.remove(spec.id());
    }
  }
}
