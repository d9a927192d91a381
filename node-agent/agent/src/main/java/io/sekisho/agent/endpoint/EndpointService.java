package io.sekisho.agent.endpoint;

import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.datapath.DatapathException;
import io.sekisho.agent.datapath.PodState;
import io.sekisho.agent.datapath.WiredEndpoint;
import io.sekisho.agent.endpoint.EndpointException.Code;
import io.sekisho.agent.endpoint.EndpointSpec.Request;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes and removes endpoints, from request to realized policy. Calls block, on virtual threads;
 * two calls for one attachment go one after the other, others beside each other. What fails leaves
 * nothing: no interface, no file, no address taken, nothing told to the cluster. A removal that
 * fails is remembered and gone on with by the next call for it, and by {@link EndpointRepair}.
 */
public final class EndpointService {
  private static final System.Logger LOG = System.getLogger(EndpointService.class.getName());

  private final EventLoop loop;
  private final Endpoints endpoints;
  private final EndpointFiles files;
  private final Cluster cluster;
  private final EndpointPublisher publisher;
  private final Realizer realizer;
  private final Health health;
  private final Duration timeout;
  private final AttachmentLocks locks = new AttachmentLocks();

  /**
   * Works on the endpoints of a node.
   *
   * @param timeout for each step of making one
   */
  public EndpointService(
      EventLoop loop,
      Endpoints endpoints,
      EndpointFiles files,
      Cluster cluster,
      EndpointPublisher publisher,
      Realizer realizer,
      Health health,
      Duration timeout) {
    this.loop = loop;
    this.endpoints = endpoints;
    this.files = files;
    this.cluster = cluster;
    this.publisher = publisher;
    this.realizer = realizer;
    this.health = health;
    this.timeout = timeout;
  }

  /**
   * Makes an endpoint and waits until its policy is realized. The same request again gives the same
   * endpoint.
   *
   * @throws EndpointException with any code but UNKNOWN
   */
  public LocalEndpoint create(Request request) {
    return locks.locked(request.attachment(), () -> createAlone(request));
  }

  private LocalEndpoint createAlone(Request request) {
    Optional<LocalEndpoint> present = endpoints.find(request.attachment());
    if (present.isPresent()) {
      return same(present.get(), request);
    }
    endpoints.findRemoving(request.attachment()).ifPresent(this::finishRemoval);
    EndpointSpec spec = loop.call(() -> endpoints.begin(request));
    try {
      return make(spec);
    } catch (RuntimeException e) {
      undo(spec);
      throw e;
    }
  }

  private static LocalEndpoint same(LocalEndpoint present, Request request) {
    if (!present.spec().request().equals(request)) {
      throw new EndpointException(
          Code.ALREADY_ATTACHED,
          "container "
              + request.attachment().containerId()
              + " has another interface of that name");
    }
    return present;
  }

  private LocalEndpoint make(EndpointSpec spec) {
    CompletableFuture<WiredEndpoint> wiring = realizer.datapath(d -> d.wire(spec.wiring()));
    Identity identity =
        await(cluster.identity(spec.request().labels()), Code.NO_IDENTITY, "no identity");
    keep(new StoredEndpoint(spec, identity, Optional.empty()));
    WiredEndpoint wired = await(wiring, Code.WIRING_FAILED, "no interface");
    CompletableFuture<Void> realized =
        loop.call(
            () -> {
              endpoints.live(spec.id(), wired, identity);
              CompletableFuture<Void> done = realizer.realized(spec.id());
              realizer.changed();
              publisher.now(spec.id());
              return done;
            });
    await(realized, Code.NOT_REALIZED, "its policy is not realized");
    LocalEndpoint made = endpoints.all().get(spec.id());
    if (made == null) {
      throw new EndpointException(Code.UNKNOWN, "endpoint " + spec.id() + " was removed meanwhile");
    }
    return made;
  }

  private void keep(StoredEndpoint endpoint) {
    try {
      files.write(endpoint);
      health.clear(EndpointFiles.COMPONENT);
    } catch (UncheckedIOException e) {
      health.report(EndpointFiles.COMPONENT, String.valueOf(e.getMessage()));
      throw new EndpointException(Code.STATE_NOT_WRITTEN, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Puts a live endpoint under audit, or not, for all of its life.
   *
   * @param audit empty: as its label says
   * @return once the datapath does so; false if there is no such live endpoint
   * @throws EndpointException with STATE_NOT_WRITTEN, and nothing has changed; or NOT_REALIZED
   */
  public boolean audit(int id, Optional<Boolean> audit) {
    LocalEndpoint present = endpoints.all().get(id);
    if (present == null) {
      return false;
    }
    return locks.locked(
        present.spec().request().attachment(), () -> auditAlone(present.spec(), audit));
  }

  private boolean auditAlone(EndpointSpec spec, Optional<Boolean> audit) {
    Optional<LocalEndpoint.Live> live =
        Optional.ofNullable(endpoints.all().get(spec.id()))
            .filter(e -> e.spec().equals(spec))
            .flatMap(LocalEndpoint::live);
    if (live.isEmpty()) {
      return false;
    }
    try {
      files.write(new StoredEndpoint(spec, live.get().identity(), audit));
    } catch (UncheckedIOException e) {
      throw new EndpointException(Code.STATE_NOT_WRITTEN, String.valueOf(e.getMessage()), e);
    }
    CompletableFuture<Void> settled =
        loop.call(
            () -> {
              endpoints.audit(spec.id(), audit);
              realizer.changed();
              return realizer.settled();
            });
    await(settled, Code.NOT_REALIZED, "its policy is not realized");
    publishNow(spec.id());
    return true;
  }

  private void publishNow(int id) {
    loop.execute(() -> publisher.now(id));
  }

  /**
   * Removes an endpoint, or goes on with a removal that failed; whether anything of it was there.
   *
   * @throws EndpointException if something of it stays; it is known until all is gone
   */
  public boolean remove(Attachment attachment) {
    return locks.locked(
        attachment,
        () -> {
          Optional<EndpointSpec> begun = endpoints.findRemoving(attachment);
          begun.ifPresent(this::finishRemoval);
          Optional<LocalEndpoint> present = endpoints.find(attachment);
          present.ifPresent(endpoint -> removeAlone(endpoint.spec()));
          return begun.isPresent() || present.isPresent();
        });
  }

  /**
   * Removes every endpoint of a network that is not among these.
   *
   * @throws EndpointException the first failure, when all were tried
   */
  public void retain(String network, Collection<Attachment> valid) {
    var failures = new ArrayList<EndpointException>();
    for (EndpointSpec spec : endpoints.known()) {
      Request request = spec.request();
      if (request.network().equals(network) && !valid.contains(request.attachment())) {
        try {
          remove(request.attachment());
        } catch (EndpointException e) {
          failures.add(e);
        }
      }
    }
    if (!failures.isEmpty()) {
      EndpointException first = failures.getFirst();
      String more = failures.size() == 1 ? "" : ", and " + (failures.size() - 1) + " more";
      throw new EndpointException(first.code(), first.getMessage() + more, first);
    }
  }

  /** Goes on with the removal of exactly this endpoint; false if nothing of it is left. */
  boolean removeRest(EndpointSpec spec) {
    Attachment attachment = spec.request().attachment();
    return locks.locked(
        attachment,
        () -> {
          boolean begun = endpoints.findRemoving(attachment).equals(Optional.of(spec));
          if (begun) {
            finishRemoval(spec);
          }
          return begun;
        });
  }

  /** Removes exactly this endpoint, not one that came after it; whether it was there. */
  boolean collect(EndpointSpec spec) {
    Attachment attachment = spec.request().attachment();
    return locks.locked(
        attachment,
        () -> {
          boolean present = isPresent(spec);
          if (present) {
            removeAlone(spec);
          }
          return present;
        });
  }

  /** Makes the interface of a live endpoint anew; false if the endpoint went meanwhile. */
  boolean wireAgain(EndpointSpec spec) {
    return locks.locked(
        spec.request().attachment(),
        () -> {
          if (!isPresent(spec)) {
            return false;
          }
          WiredEndpoint wired =
              await(
                  realizer.datapath(d -> d.wire(spec.wiring())),
                  Code.WIRING_FAILED,
                  "no interface");
          return loop.call(
              () -> {
                Optional<LocalEndpoint.Live> live =
                    Optional.ofNullable(endpoints.all().get(spec.id()))
                        .flatMap(LocalEndpoint::live);
                boolean done =
                    live.isPresent() && endpoints.live(spec.id(), wired, live.get().identity());
                realizer.changed();
                publisher.now(spec.id());
                return done;
              });
        });
  }

  /**
   * Gives a live endpoint other labels: it moves to their identity. The new number is known to the
   * others for a while before packets carry it, so that nothing that both allow is dropped. False
   * if the endpoint went or changed meanwhile.
   *
   * @param grace how long the others have
   * @throws EndpointException with NO_IDENTITY or STATE_NOT_WRITTEN; nothing changed then
   */
  public boolean relabel(EndpointSpec spec, Labels labels, Duration grace) {
    return locks.locked(
        spec.request().attachment(),
        () -> {
          if (!isPresent(spec)) {
            return false;
          }
          Identity identity = await(cluster.identity(labels), Code.NO_IDENTITY, "no identity");
          rest(grace);
          EndpointSpec next = spec.labelled(labels);
          keep(new StoredEndpoint(next, identity, auditSet(spec.id())));
          return loop.call(
              () -> {
                boolean done = endpoints.relabelled(next, identity);
                realizer.changed();
                publisher.now(next.id());
                return done;
              });
        });
  }

  private Optional<Boolean> auditSet(int id) {
    return Optional.ofNullable(endpoints.all().get(id)).flatMap(LocalEndpoint::auditSet);
  }

  private static void rest(Duration grace) {
    try {
      Thread.sleep(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EndpointException(Code.TIMED_OUT, "the agent ends", e);
    }
  }

  /**
   * An endpoint's interface as the pod's namespace holds it; empty if either end is gone.
   *
   * @throws EndpointException with WIRING_FAILED if the namespace is gone
   */
  public Optional<PodState> look(EndpointSpec spec) {
    Request request = spec.request();
    return await(
        realizer.datapath(
            d ->
                d.missing().contains(spec.id())
                    ? Optional.empty()
                    : d.inspect(request.networkNamespace(), request.attachment().interfaceName())),
        Code.WIRING_FAILED,
        "the interface cannot be looked at");
  }

  private boolean isPresent(EndpointSpec spec) {
    return endpoints
        .find(spec.request().attachment())
        .filter(endpoint -> endpoint.spec().equals(spec))
        .isPresent();
  }

  private void removeAlone(EndpointSpec spec) {
    loop.call(
        () -> {
          endpoints.detach(spec);
          realizer.changed();
          publisher.withdraw(spec.id());
          return true;
        });
    finishRemoval(spec);
  }

  /** Takes away what is left; until nothing is, the endpoint is known as one that is removed. */
  private void finishRemoval(EndpointSpec spec) {
    String component = "removal of endpoint " + spec.id();
    try {
      unwire(spec);
      files.delete(spec.id());
    } catch (EndpointException e) {
      health.report(component, "is not done and tried again: " + e.getMessage());
      throw e;
    } catch (UncheckedIOException e) {
      health.report(component, "is not done and tried again: " + e.getMessage());
      throw new EndpointException(Code.STATE_NOT_WRITTEN, String.valueOf(e.getMessage()), e);
    }
    health.clear(component);
    health.clear("interface of endpoint " + spec.id());
    loop.call(
        () -> {
          endpoints.release(spec);
          return true;
        });
  }

  private void unwire(EndpointSpec spec) {
    boolean unwired =
        await(
            realizer.datapath(
                d -> {
                  d.unwire(spec.id());
                  return true;
                }),
            Code.WIRING_FAILED,
            "its interface cannot be removed");
    assert unwired;
  }

  private void undo(EndpointSpec spec) {
    try {
      removeAlone(spec);
    } catch (EndpointException e) {
      LOG.log(System.Logger.Level.DEBUG, "endpoint {0} is removed later: {1}", spec.id(), e);
    }
  }

  private <T> T await(CompletableFuture<T> future, Code code, String what) {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new EndpointException(
          Code.TIMED_OUT, what + " within " + timeout.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EndpointException(Code.TIMED_OUT, what + ": the agent ends", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof EndpointException known) {
        throw new EndpointException(known.code(), String.valueOf(known.getMessage()), known);
      }
      if (cause instanceof DatapathException refused
          && refused.code() == DatapathException.Code.NOT_ADOPTABLE) {
        throw new EndpointException(
            Code.NOT_ADOPTABLE, String.valueOf(refused.getMessage()), refused);
      }
      throw new EndpointException(code, what + ": " + cause.getMessage(), cause);
    }
  }
}
