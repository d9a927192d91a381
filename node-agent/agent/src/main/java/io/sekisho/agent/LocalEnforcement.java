package io.sekisho.agent;

import io.sekisho.agent.endpoint.EndpointException;
import io.sekisho.agent.endpoint.EndpointService;
import io.sekisho.agent.endpoint.Endpoints;
import io.sekisho.agent.endpoint.LocalEndpoint;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.agent.policy.EnforcementException;
import io.sekisho.agent.policy.EnforcementException.Code;
import io.sekisho.agent.policy.NodeEnforcement;
import io.sekisho.agent.reconcile.Planner;
import io.sekisho.agent.reconcile.Verifier;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EnforcementStatus;
import io.sekisho.api.v1.Ports;
import io.sekisho.api.v1.SetEnforcementRequest;
import io.sekisho.api.v1.VerifyResponse;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.PortRange;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Enforcement of this agent's own node. */
final class LocalEnforcement implements NodeEnforcement {
  private static final System.Logger LOG = System.getLogger(LocalEnforcement.class.getName());
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final String node;
  private final Enforcement configured;
  private final EventLoop loop;
  private final Planner planner;
  private final Endpoints endpoints;
  private final EndpointService service;
  private final Verifier verifier;

  LocalEnforcement(
      String node,
      Enforcement configured,
      EventLoop loop,
      Planner planner,
      Endpoints endpoints,
      EndpointService service,
      Verifier verifier) {
    this.node = node;
    this.configured = configured;
    this.loop = loop;
    this.planner = planner;
    this.endpoints = endpoints;
    this.service = service;
    this.verifier = verifier;
  }

  @Override
  public EnforcementStatus status() {
    return status(inForce());
  }

  @Override
  public Enforcement inForce() {
    return loop.call(planner::enforcement);
  }

  private EnforcementStatus status(Enforcement now) {
    return EnforcementStatus.newBuilder()
        .setNode(node)
        .setMode(mode(now.mode()))
        .setAudit(now.audit())
        .setConfiguredMode(mode(configured.mode()))
        .setConfiguredAudit(configured.audit())
        .addAllFailSafe(now.failSafe().everybody().stream().map(LocalEnforcement::ports).toList())
        .addAllFailSafeBetweenNodes(
            now.failSafe().nodes().stream().map(LocalEnforcement::ports).toList())
        .build();
  }

  private static Ports ports(PortRange range) {
    return Ports.newBuilder()
        .setProtocol(range.protocol())
        .setFirst(range.first())
        .setLast(range.last())
        .build();
  }

  private static io.sekisho.api.v1.EnforcementMode mode(EnforcementMode mode) {
    return switch (mode) {
      case DEFAULT -> io.sekisho.api.v1.EnforcementMode.ENFORCE_DEFAULT;
      case ALWAYS -> io.sekisho.api.v1.EnforcementMode.ENFORCE_ALWAYS;
      case NEVER -> io.sekisho.api.v1.EnforcementMode.ENFORCE_NEVER;
    };
  }

  private static EnforcementMode mode(
      io.sekisho.api.v1.EnforcementMode mode, EnforcementMode before) {
    return switch (mode) {
      case ENFORCE_DEFAULT -> EnforcementMode.DEFAULT;
      case ENFORCE_ALWAYS -> EnforcementMode.ALWAYS;
      case ENFORCE_NEVER -> EnforcementMode.NEVER;
      case ENFORCEMENT_MODE_UNKNOWN -> before;
      case UNRECOGNIZED -> throw new IllegalArgumentException("there is no such mode");
    };
  }

  @Override
  public EnforcementStatus set(SetEnforcementRequest request) {
    CompletableFuture<Void> settled =
        loop.call(
            () -> {
              Enforcement before = planner.enforcement();
              var next =
                  new Enforcement(
                      mode(request.getMode(), before.mode()),
                      request.hasAudit() ? request.getAudit() : before.audit(),
                      before.failSafe());
              LOG.log(System.Logger.Level.INFO, "enforcement: {0} instead of {1}", next, before);
              planner.enforce(next);
              return planner.waitsFor().isEmpty()
                  ? planner.settled()
                  : CompletableFuture.completedFuture(null);
            });
    await(settled);
    return status();
  }

  private static void await(CompletableFuture<Void> settled) {
    try {
      settled.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnforcementException(Code.NOT_REALIZED, "the agent ends");
    } catch (ExecutionException | TimeoutException e) {
      throw new EnforcementException(
          Code.NOT_REALIZED,
          "the datapath has not taken it within " + TIMEOUT.toSeconds() + " s; it tries on");
    }
  }

  @Override
  public Endpoint audit(int endpointId, Optional<Boolean> audit) {
    try {
      if (service.audit(endpointId, audit)) {
        LocalEndpoint now = endpoints.all().get(endpointId);
        if (now != null) {
          return now.toApi(node);
        }
      }
    } catch (EndpointException e) {
      boolean written = e.code() != EndpointException.Code.STATE_NOT_WRITTEN;
      throw new EnforcementException(
          written ? Code.NOT_REALIZED : Code.NOT_WRITTEN, String.valueOf(e.getMessage()));
    }
    throw new EnforcementException(
        Code.UNKNOWN_ENDPOINT,
        "node " + node + " has no endpoint " + endpointId + " that is ready");
  }

  @Override
  public VerifyResponse verify(boolean repair) {
    return verifier.verify(repair).toApi(node);
  }
}
