package io.sekisho.cli;

import io.grpc.ManagedChannel;
import io.sekisho.agent.pki.TlsFiles;
import io.sekisho.agent.rpc.Transport;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.v1.EndpointsGrpc;
import io.sekisho.api.v1.EnforcementGrpc;
import io.sekisho.api.v1.IdentitiesGrpc;
import io.sekisho.api.v1.NodesGrpc;
import io.sekisho.api.v1.PathsGrpc;
import io.sekisho.api.v1.PoliciesGrpc;
import io.sekisho.api.v1.RevisionsGrpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Calls to one agent; unary ones end after ten seconds. */
final class AgentClient implements AutoCloseable {
  private static final int SECONDS = 10;

  /** Kept, since the JDK forgets the level of a logger that nobody holds. */
  private static final Logger NETTY = Logger.getLogger("io.netty.bootstrap");

  static {
    // gRPC sets an option that Unix sockets do not have; Netty warns of it at every connection.
    NETTY.setLevel(Level.SEVERE);
  }

  private final Transport transport;
  private final ManagedChannel channel;

  private AgentClient(Transport transport, ManagedChannel channel) {
    this.transport = transport;
    this.channel = channel;
  }

  static AgentClient socket(Path socket) {
    if (!Files.exists(socket)) {
      throw new CliException(
          CliException.Code.UNREACHABLE, "there is no " + socket + "; does the agent run?");
    }
    var transport = new Transport();
    return new AgentClient(transport, transport.channel(socket));
  }

  /** Over TCP; says so if the own certificate has ended, which the agent's alert does not. */
  static AgentClient tcp(String server, TlsFiles tls, Optional<String> serverName) {
    tls.read()
        .outOfTime(Instant.now())
        .ifPresent(
            when -> {
              throw new CliException(
                  CliException.Code.REFUSED, "the certificate in " + tls.certificate() + when);
            });
    var transport = new Transport();
    try {
      return new AgentClient(transport, transport.channel(List.of(server), tls, serverName));
    } catch (IllegalArgumentException e) {
      transport.close();
      throw new CliException(CliException.Code.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  NodesGrpc.NodesBlockingStub nodes() {
    return NodesGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  EndpointsGrpc.EndpointsBlockingStub endpoints() {
    return EndpointsGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  IdentitiesGrpc.IdentitiesBlockingStub identities() {
    return IdentitiesGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  RevisionsGrpc.RevisionsBlockingStub revisions() {
    return RevisionsGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  EnforcementGrpc.EnforcementBlockingStub enforcement() {
    return EnforcementGrpc.newBlockingStub(channel)
        .withDeadlineAfter(2 * SECONDS, TimeUnit.SECONDS);
  }

  /** Reading every map back takes its time, and more if policies change meanwhile. */
  EnforcementGrpc.EnforcementBlockingStub verification() {
    return EnforcementGrpc.newBlockingStub(channel)
        .withDeadlineAfter(12 * SECONDS, TimeUnit.SECONDS);
  }

  PoliciesGrpc.PoliciesBlockingStub policies() {
    return PoliciesGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  /** Pings take their time. */
  PathsGrpc.PathsBlockingStub paths() {
    return PathsGrpc.newBlockingStub(channel).withDeadlineAfter(2 * SECONDS, TimeUnit.SECONDS);
  }

  /** For streams, which last. */
  RevisionsGrpc.RevisionsBlockingStub rollouts() {
    return RevisionsGrpc.newBlockingStub(channel);
  }

  /** For unary calls. */
  ObserverGrpc.ObserverBlockingStub observer() {
    return flows().withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  /** For streams, which last. */
  ObserverGrpc.ObserverBlockingStub flows() {
    return ObserverGrpc.newBlockingStub(channel);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    transport.close();
  }
}
