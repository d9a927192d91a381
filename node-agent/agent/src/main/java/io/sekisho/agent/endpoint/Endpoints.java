package io.sekisho.agent.endpoint;

import io.sekisho.agent.datapath.WiredEndpoint;
import io.sekisho.agent.endpoint.LocalEndpoint.Live;
import io.sekisho.agent.ipam.Ipam;
import io.sekisho.agent.ipam.IpamException;
import io.sekisho.policy.Identity;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The node's endpoints, their numbers and addresses. Only the event loop changes it; {@link #all}
 * is a snapshot that any thread may read.
 */
public final class Endpoints {
  private final Ipam ipam;
  private final EndpointIds ids = new EndpointIds();
  private volatile Map<Integer, LocalEndpoint> all = Map.of();
  private volatile Map<Integer, EndpointSpec> removing = Map.of();

  /** None yet. */
  public Endpoints(Ipam ipam) {
    this.ipam = ipam;
  }

  /** Every endpoint by number; immutable. */
  public Map<Integer, LocalEndpoint> all() {
    return all;
  }

  /**
   * Endpoints that are not desired any more, by number, of which something is still there: an
   * interface, a file; immutable.
   */
  public Map<Integer, EndpointSpec> removing() {
    return removing;
  }

  /** All that have a number, be they being removed; immutable. */
  List<EndpointSpec> known() {
    return Stream.concat(all.values().stream().map(LocalEndpoint::spec), removing.values().stream())
        .toList();
  }

  /** The endpoint of an attachment that is being removed. */
  public Optional<EndpointSpec> findRemoving(Attachment attachment) {
    return removing.values().stream()
        .filter(spec -> spec.request().attachment().equals(attachment))
        .findFirst();
  }

  /** The endpoint of an attachment. */
  public Optional<LocalEndpoint> find(Attachment attachment) {
    return all.values().stream()
        .filter(e -> e.spec().request().attachment().equals(attachment))
        .findFirst();
  }

  /**
   * Begins an endpoint: takes a number and addresses, or the addresses that an adopted interface
   * has.
   *
   * @throws EndpointException with NO_RANGE, EXHAUSTED or ALREADY_ATTACHED; nothing is taken then
   */
  EndpointSpec begin(EndpointSpec.Request request) {
    if (find(request.attachment()).isPresent()) {
      throw new EndpointException(
          EndpointException.Code.ALREADY_ATTACHED, request.attachment() + " exists");
    }
    List<InetAddress> addresses = addresses(request);
    int id =
        ids.allocate()
            .orElseThrow(
                () -> {
                  ipam.release(addresses);
                  return new EndpointException(
                      EndpointException.Code.EXHAUSTED, "all endpoint numbers are in use");
                });
    var spec = new EndpointSpec(id, request, addresses);
    put(LocalEndpoint.creating(spec));
    return spec;
  }

  private List<InetAddress> addresses(EndpointSpec.Request request) {
    try {
      if (request.adopted().isPresent()) {
        List<InetAddress> addresses = request.adopted().get().addresses();
        ipam.reserveForeign(addresses);
        return addresses;
      }
      return ipam.allocate();
    } catch (IpamException e) {
      boolean exhausted = e.code() == IpamException.Code.EXHAUSTED;
      String message = (exhausted ? "no address is free: " : "") + e.getMessage();
      throw new EndpointException(code(e.code()), message, e);
    }
  }

  private static EndpointException.Code code(IpamException.Code code) {
    return switch (code) {
      case NO_RANGE -> EndpointException.Code.NO_RANGE;
      case EXHAUSTED -> EndpointException.Code.EXHAUSTED;
      case NOT_FREE -> EndpointException.Code.ALREADY_ATTACHED;
    };
  }

  /**
   * Takes an endpoint of an earlier agent over, with its number and addresses.
   *
   * @throws EndpointException with ALREADY_ATTACHED if another has them; nothing is taken then
   */
  void restore(EndpointSpec spec, Optional<Live> live, Optional<Boolean> auditSet) {
    if (!ids.reserve(spec.id())) {
      throw new EndpointException(
          EndpointException.Code.ALREADY_ATTACHED, "endpoint " + spec.id() + " exists");
    }
    try {
      if (spec.request().adopted().isPresent()) {
        ipam.reserveForeign(spec.addresses());
      } else {
        ipam.reserve(spec.addresses());
      }
    } catch (IpamException e) {
      ids.release(spec.id());
      throw new EndpointException(
          EndpointException.Code.ALREADY_ATTACHED, String.valueOf(e.getMessage()), e);
    }
    LocalEndpoint creating = LocalEndpoint.creating(spec).audit(auditSet);
    put(live.map(creating::with).orElse(creating));
  }

  /** The endpoint has its interface and identity now; false if it was removed meanwhile. */
  boolean live(int id, WiredEndpoint wired, Identity identity) {
    return change(id, e -> e.with(new Live(wired, identity)));
  }

  /** The endpoint has other labels and their identity now; false if it was removed meanwhile. */
  boolean relabelled(EndpointSpec spec, Identity identity) {
    return change(spec.id(), e -> e.with(spec, identity));
  }

  /** An operator has put it under audit, or not; false if it was removed meanwhile. */
  boolean audit(int id, Optional<Boolean> set) {
    return change(id, e -> e.audit(set));
  }

  /** What the datapath does for endpoints now; those that were removed meanwhile do not matter. */
  public void realized(Map<Integer, LocalEndpoint.Realized> news) {
    var changed = new TreeMap<>(all);
    news.forEach((id, realized) -> changed.computeIfPresent(id, (i, e) -> e.with(realized)));
    all = Map.copyOf(changed);
  }

  /**
   * Takes an endpoint out of what is desired. It is known as one that is being removed, and its
   * number and addresses stay taken, until {@link #release}, when its interface and its file are
   * gone too.
   */
  void detach(EndpointSpec spec) {
    var rest = new TreeMap<>(all);
    rest.remove(spec.id());
    all = Map.copyOf(rest);
    var more = new TreeMap<>(removing);
    more.put(spec.id(), spec);
    removing = Map.copyOf(more);
  }

  /**
   * Gives the number and the addresses of a detached endpoint back; once, however often it is
   * asked, for they may be another's then.
   */
  void release(EndpointSpec spec) {
    if (!spec.equals(removing.get(spec.id()))) {
      return;
    }
    var rest = new TreeMap<>(removing);
    rest.remove(spec.id());
    removing = Map.copyOf(rest);
    ids.release(spec.id());
    ipam.release(spec.addresses());
  }

  /** Whether an endpoint has this number, be it one that is being removed. */
  boolean isTaken(int id) {
    return all.containsKey(id) || removing.containsKey(id);
  }

  private boolean change(int id, UnaryOperator<LocalEndpoint> change) {
    LocalEndpoint before = all.get(id);
    if (before == null) {
      return false;
    }
    put(change.apply(before));
    return true;
  }

  private void put(LocalEndpoint endpoint) {
    var changed = new TreeMap<>(all);
    changed.put(endpoint.spec().id(), endpoint);
    all = Map.copyOf(changed);
  }
}
