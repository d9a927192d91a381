package io.sekisho.agent.endpoint;

import com.google.common.net.InetAddresses;
import io.sekisho.agent.datapath.WiredEndpoint;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointState;
import io.sekisho.policy.Identity;
import java.util.Optional;

/**
 * An endpoint of this node and how far it is; immutable.
 *
 * @param spec what it shall be
 * @param live its interface and identity; empty while it is being made
 * @param realized what the datapath does for it now
 * @param auditSet whether an operator has put it under audit, or not; empty: its label says
 */
public record LocalEndpoint(
    EndpointSpec spec, Optional<Live> live, Realized realized, Optional<Boolean> auditSet) {
  /** The label that puts an endpoint under audit, with the value {@code audit}. */
  public static final String ENFORCEMENT_LABEL = "k8s:sekisho.io/enforcement";

  /** Interface and identity. */
  public record Live(WiredEndpoint wired, Identity identity) {}

  /**
   * What the datapath does.
   *
   * @param revision revision of its policy table; empty before the first
   * @param ingress whether policy is enforced for what comes in
   * @param egress whether policy is enforced for what goes out
   * @param audit whether what policy would drop passes
   * @param error why the newest table could not be realized, or empty
   */
  public record Realized(
      Optional<Long> revision,
      boolean ingress,
      boolean egress,
      boolean audit,
      Optional<String> error) {
    /** Nothing yet. */
    public static final Realized NOTHING =
        new Realized(Optional.empty(), false, false, false, Optional.empty());
  }

  /** One that is being made. */
  static LocalEndpoint creating(EndpointSpec spec) {
    return new LocalEndpoint(spec, Optional.empty(), Realized.NOTHING, Optional.empty());
  }

  LocalEndpoint with(Live now) {
    return new LocalEndpoint(spec, Optional.of(now), realized, auditSet);
  }

  LocalEndpoint with(EndpointSpec other, Identity identity) {
    return new LocalEndpoint(
        other, live.map(l -> new Live(l.wired(), identity)), realized, auditSet);
  }

  LocalEndpoint with(Realized now) {
    return new LocalEndpoint(spec, live, now, auditSet);
  }

  LocalEndpoint audit(Optional<Boolean> set) {
    return new LocalEndpoint(spec, live, realized, set);
  }

  /** Whether it shall be under audit. */
  public boolean audited() {
    return auditSet.orElseGet(
        () -> spec.request().labels().get(ENFORCEMENT_LABEL).equals(Optional.of("audit")));
  }

  /** Whether its policy is realized. */
  public boolean ready() {
    return live.isPresent() && realized.revision().isPresent() && realized.error().isEmpty();
  }

  private EndpointState state() {
    if (realized.error().isPresent()) {
      return EndpointState.ENDPOINT_FAILED;
    }
    return ready() ? EndpointState.ENDPOINT_READY : EndpointState.CREATING;
  }

  /** As the cluster sees it. */
  public Endpoint toApi(String node) {
    var request = spec.request();
    var out =
        Endpoint.newBuilder()
            .setId(spec.id())
            .setNode(node)
            .setNamespace(request.namespace())
            .setPod(request.pod())
            .setWorkload(request.workload())
            .addAllLabels(request.labels().texts())
            .setContainerId(request.attachment().containerId())
            .setPodInterface(request.attachment().interfaceName())
            .setNetwork(request.network())
            .setNetworkNamespace(request.networkNamespace().toString())
            .setState(state())
            .setMessage(realized.error().orElse(""))
            .setIngressEnforced(realized.ingress())
            .setEgressEnforced(realized.egress())
            .setAudited(realized.audit())
            .setEgressBandwidth(request.bandwidth().egress())
            .setIngressBandwidth(request.bandwidth().ingress())
            .setRealizedRevision(realized.revision().orElse(0L));
    spec.addresses().stream().map(InetAddresses::toAddrString).forEach(out::addAddresses);
    live.ifPresent(l -> out.setIdentity(l.identity().number()));
    live.ifPresent(l -> out.setInterface(l.wired().hostInterface()));
    return out.build();
  }
}
