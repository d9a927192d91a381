package io.sekisho.agent.endpoint;

import io.sekisho.agent.datapath.Datapath;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.EventLoop;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for endpoints whose interface is gone though nobody asked for it. If the pod's network
 * namespace is gone too, the runtime forgot its DEL: the endpoint is collected, and its addresses
 * are free again. If the namespace is there, somebody deleted the interface by hand: it is made
 * again with the same addresses. Both are told in health and in the log. Removals that failed are
 * gone on with.
 */
public final class EndpointRepair {
  private static final System.Logger LOG = System.getLogger(EndpointRepair.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final EventLoop loop;
  private final Endpoints endpoints;
  private final EndpointFiles files;
  private final EndpointService service;
  private final Realizer realizer;
  private final Health health;
  private final Set<Integer> underWay = new HashSet<>();

  /** Looks after the endpoints of a node. */
  public EndpointRepair(
      EventLoop loop,
      Endpoints endpoints,
      EndpointFiles files,
      EndpointService service,
      Realizer realizer,
      Health health) {
    this.loop = loop;
    this.endpoints = endpoints;
    this.files = files;
    this.service = service;
    this.realizer = realizer;
    this.health = health;
  }

  /** Looks now, and every few seconds from now on; on the event loop. */
  public void start() {
    loop.requireInLoop();
    look();
    loop.schedule(PERIOD, this::start);
  }

  /** An endpoint's interface went; any thread. */
  public void interfaceGone(int endpointId) {
    LOG.log(System.Logger.Level.DEBUG, "the interface of endpoint {0} went", endpointId);
    loop.execute(this::look);
  }

  private void look() {
    Thread.ofVirtual().name("state-probe").start(files::probe);
    realizer.datapath(Datapath::missing).thenAcceptAsync(this::missing, loop);
    for (EndpointSpec spec : endpoints.removing().values()) {
      if (underWay.add(spec.id())) {
        Thread.ofVirtual().name("removal-" + spec.id()).start(() -> removeRest(spec));
      }
    }
  }

  /** A removal that is under way ends first; what it leaves, because it failed, goes now. */
  private void removeRest(EndpointSpec spec) {
    try {
      boolean removed = service.removeRest(spec);
      LOG.log(System.Logger.Level.DEBUG, "endpoint {0}: rest removed: {1}", spec.id(), removed);
    } catch (EndpointException e) {
      LOG.log(System.Logger.Level.DEBUG, "endpoint {0} is still there: {1}", spec.id(), e);
    } finally {
      loop.execute(() -> underWay.remove(spec.id()));
    }
  }

  private void missing(Collection<Integer> ids) {
    for (int id : ids) {
      Optional<LocalEndpoint> endpoint =
          Optional.ofNullable(endpoints.all().get(id)).filter(e -> e.live().isPresent());
      if (endpoint.isPresent() && underWay.add(id)) {
        EndpointSpec spec = endpoint.get().spec();
        Thread.ofVirtual().name("repair-" + id).start(() -> repair(spec));
      }
    }
  }

  private void repair(EndpointSpec spec) {
    String name = "interface of endpoint " + spec.id();
    try {
      if (!Files.exists(spec.request().networkNamespace())) {
        health.report(name, "is gone with its pod " + pod(spec) + "; the endpoint is collected");
        boolean collected = service.collect(spec);
        health.clear(name);
        LOG.log(System.Logger.Level.INFO, "{0}: collected: {1}", name, collected);
      } else if (spec.request().adopted().isPresent()) {
        health.report(name, "was deleted; only the plugin that made it can make it again");
      } else {
        health.report(name, "was deleted; it is made again for " + pod(spec));
        boolean made = service.wireAgain(spec);
        health.clear(name);
        LOG.log(System.Logger.Level.INFO, "{0}: made again: {1}", name, made);
      }
    } catch (RuntimeException e) {
      health.report(name, "was deleted, and that cannot be mended: " + e.getMessage());
    } finally {
      loop.execute(() -> underWay.remove(spec.id()));
    }
  }

  private static String pod(EndpointSpec spec) {
    return spec.request().namespace() + "/" + spec.request().pod();
  }
}
