package io.sekisho.agent.endpoint;

import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.datapath.WiredEndpoint;
import io.sekisho.agent.endpoint.LocalEndpoint.Live;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the endpoints of an earlier agent back. Files and kernel are compared: what both know goes
 * on; a file whose interface is gone is wired again if its pod's network namespace is still there,
 * else forgotten; an interface without a file waits for the cluster's inventory, which may know it,
 * and is removed if that does not. Belongs to the event loop.
 */
public final class EndpointRestore {
  private static final System.Logger LOG = System.getLogger(EndpointRestore.class.getName());

  private static final Duration AGAIN = Duration.ofSeconds(5);

  /** Where the cluster store does not say the pod's namespace: written by an earlier agent. */
  private static final Path UNKNOWN_NAMESPACE = Path.of("/run/netns/unknown");

  /** Likewise. */
  private static final String USUAL_INTERFACE = "eth0";

  private final String node;
  private final EventLoop loop;
  private final Endpoints endpoints;
  private final EndpointFiles files;
  private final Cluster cluster;
  private final EndpointPublisher publisher;
  private final Realizer realizer;
  private final Health health;
  private final Map<Integer, WiredEndpoint> orphans = new TreeMap<>();
  private boolean adopted;

  /** Brings back the endpoints of a node. */
  public EndpointRestore(
      String node,
      EventLoop loop,
      Endpoints endpoints,
      EndpointFiles files,
      Cluster cluster,
      EndpointPublisher publisher,
      Realizer realizer,
      Health health) {
    this.node = node;
    this.loop = loop;
    this.endpoints = endpoints;
    this.files = files;
    this.cluster = cluster;
    this.publisher = publisher;
    this.realizer = realizer;
    this.health = health;
  }

  /**
   * Compares files and kernel, at the start.
   *
   * @param kernel interfaces that the datapath found
   */
  public void restore(List<WiredEndpoint> kernel) {
    loop.requireInLoop();
    kernel.forEach(wired -> orphans.put(wired.endpointId(), wired));
    for (StoredEndpoint stored : files.read()) {
      WiredEndpoint wired = orphans.get(stored.spec().id());
      if (wired != null && sameAddresses(wired, stored.spec())) {
        orphans.remove(wired.endpointId());
        goOn(stored, wired);
      } else if (Files.exists(stored.spec().request().networkNamespace()) && wired == null) {
        wireAgain(stored);
      } else {
        files.delete(stored.spec().id());
      }
    }
  }

  private static boolean sameAddresses(WiredEndpoint wired, EndpointSpec spec) {
    List<InetAddress> addresses = spec.addresses();
    return new HashSet<>(wired.addresses()).equals(new HashSet<>(addresses));
  }

  private void goOn(StoredEndpoint stored, WiredEndpoint wired) {
    EndpointSpec spec = stored.spec();
    if (take(stored, Optional.of(new Live(wired, stored.identity())))) {
      publisher.now(spec.id());
      confirm(stored, wired);
    } else {
      orphans.put(spec.id(), wired);
    }
  }

  private boolean take(StoredEndpoint stored, Optional<Live> live) {
    try {
      endpoints.restore(stored.spec(), live, stored.auditSet());
      return true;
    } catch (EndpointException e) {
      files.setAside(stored.spec().id(), String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** Number and addresses are taken at once, so that nobody else gets them meanwhile. */
  private void wireAgain(StoredEndpoint stored) {
    EndpointSpec spec = stored.spec();
    if (!take(stored, Optional.empty())) {
      return;
    }
    realizer
        .datapath(d -> d.wire(spec.wiring()))
        .whenCompleteAsync((wired, failure) -> wiredAgain(stored, wired, failure), loop);
  }

  private void wiredAgain(
      StoredEndpoint stored, @Nullable WiredEndpoint wired, @Nullable Throwable failure) {
    EndpointSpec spec = stored.spec();
    if (wired != null && endpoints.live(spec.id(), wired, stored.identity())) {
      publisher.now(spec.id());
      confirm(stored, wired);
      realizer.changed();
    } else if (wired != null) {
      LOG.log(System.Logger.Level.INFO, "endpoint {0} was removed meanwhile", spec.id());
    } else {
      endpoints.detach(spec);
      endpoints.release(spec);
      files.setAside(spec.id(), "cannot be wired again: " + failure);
    }
  }

  /** The number in the file is right unless the store was lost; the store has the last word. */
  private void confirm(StoredEndpoint stored, WiredEndpoint wired) {
    EndpointSpec spec = stored.spec();
    cluster
        .identity(spec.request().labels())
        .whenCompleteAsync(
            (identity, failure) -> {
              if (failure != null) {
                health.report("endpoint " + spec.id(), "its identity is not confirmed: " + failure);
              } else if (!identity.equals(stored.identity())
                  && endpoints.live(spec.id(), wired, identity)) {
                files.writeLater(new StoredEndpoint(spec, identity, auditSet(spec)));
                publisher.now(spec.id());
                realizer.changed();
              }
            },
            loop);
  }

  private Optional<Boolean> auditSet(EndpointSpec spec) {
    return Optional.ofNullable(endpoints.all().get(spec.id())).flatMap(LocalEndpoint::auditSet);
  }

  /**
   * Decides on interfaces without a file, once the whole inventory is known; later does nothing.
   */
  public void adopt(Inventory inventory) {
    loop.requireInLoop();
    if (adopted || !inventory.synced()) {
      return;
    }
    adopted = true;
    for (WiredEndpoint wired : orphans.values()) {
      Optional<StoredEndpoint> known =
          Optional.ofNullable(inventory.endpoints().get(node + "/" + wired.endpointId()))
              .flatMap(endpoint -> rebuild(endpoint, wired));
      if (known.isPresent()) {
        files.writeLater(known.get());
        goOn(known.get(), wired);
      } else {
        remove(wired);
      }
    }
    orphans.clear();
  }

  private Optional<StoredEndpoint> rebuild(Endpoint from, WiredEndpoint wired) {
    if (from.getIdentity() < Identity.FIRST_CLUSTER || from.getContainerId().isEmpty()) {
      return Optional.empty();
    }
    Labels labels = Labels.of(from.getLabelsList());
    var request =
        new EndpointSpec.Request(
            new Attachment(from.getContainerId(), or(from.getPodInterface(), USUAL_INTERFACE)),
            from.getNetworkNamespace().isEmpty()
                ? UNKNOWN_NAMESPACE
                : Path.of(from.getNetworkNamespace()),
            from.getNetwork(),
            from.getNamespace(),
            from.getPod(),
            from.getWorkload(),
            labels,
            wired.adopted()
                ? Optional.of(new EndpointSpec.Adopted(wired.hostInterface(), wired.addresses()))
                : Optional.empty());
    var spec = new EndpointSpec(wired.endpointId(), request, wired.addresses());
    return Optional.of(
        new StoredEndpoint(spec, new Identity(from.getIdentity(), labels), Optional.empty()));
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private void remove(WiredEndpoint wired) {
    String name = "interface " + wired.hostInterface();
    health.report(name, "belongs to no endpoint that anybody knows; it is removed");
    realizer
        .datapath(
            d -> {
              d.unwire(wired.endpointId());
              return true;
            })
        .whenCompleteAsync(
            (done, failure) -> {
              if (failure == null) {
                health.clear(name);
              } else {
                health.report(name, "cannot be removed: " + failure.getMessage());
                loop.schedule(AGAIN, () -> removeAgain(wired));
              }
            },
            loop);
  }

  /** Not if a new endpoint has the number: its wiring has removed what had it before. */
  private void removeAgain(WiredEndpoint wired) {
    if (endpoints.isTaken(wired.endpointId())) {
      health.clear("interface " + wired.hostInterface());
    } else {
      remove(wired);
    }
  }
}
