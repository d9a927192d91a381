package io.sekisho.console.core;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.observer.ServerStatusRequest;
import io.sekisho.api.observer.ServerStatusResponse;
import io.sekisho.console.core.ConsoleException.Code;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tries a profile once: opens a session, waits for its first answer, closes it. */
public final class ConnectionTest {
  private static final long PATIENCE_SECONDS = 15;

  private ConnectionTest() {}

  /**
   * Tries it; cancelling ends the try.
   *
   * @return the agent that answered; fails with a {@link ConsoleException} that says why not
   */
  public static CompletableFuture<String> run(ConnectionProfile profile) {
    CompletableFuture<String> result = new CompletableFuture<>();
    GrpcClusterSession session = GrpcClusterSession.open(profile);
    ClusterSession.Listener listener = topic -> decide(session.link(), result);
    session.addListener(listener);
    decide(session.link(), result);
    result.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return result
        .whenComplete((agent, failure) -> session.close())
        .exceptionallyCompose(t -> CompletableFuture.failedFuture(named(profile, t)));
  }

  /**
   * Asks one agent who it is; blocks.
   *
   * @throws ConsoleException with why it does not answer
   */
  public static void ask(String agent, Channel channel, long patienceSeconds) {
    try {
      ServerStatusResponse answer =
          ObserverGrpc.newBlockingStub(channel)
              .withDeadlineAfter(patienceSeconds, TimeUnit.SECONDS)
              .serverStatus(ServerStatusRequest.getDefaultInstance());
      assert answer != null;
    } catch (StatusRuntimeException e) {
      throw new ConsoleException(
          Failures.code(e.getStatus()), "Not connected: " + Failures.connecting(agent, e), e);
    }
  }

  private static void decide(Link link, CompletableFuture<String> result) {
    switch (link) {
      case Link.Connected c -> result.complete(c.agent());
      case Link.Disconnected d ->
          result.completeExceptionally(
              new ConsoleException(Code.DISCONNECTED, "Not connected: " + d.message(), null));
      case Link.Refused r ->
          result.completeExceptionally(
              new ConsoleException(Code.REFUSED, "Refused: " + r.message(), null));
      case Link.Connecting c -> {}
      case Link.Closed c -> {}
    }
  }

  private static Throwable named(ConnectionProfile profile, Throwable t) {
    return t instanceof TimeoutException
        ? new ConsoleException(
            Code.DISCONNECTED,
            "No agent of " + profile.name() + " answered within " + PATIENCE_SECONDS + " s.",
            t)
        : t;
  }
}
