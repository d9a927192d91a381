package io.sekisho.lab;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.HistoryRequest;
import io.sekisho.api.v1.ListNodesRequest;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodesGrpc;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.RevisionsGrpc;
import io.sekisho.api.v1.RevisionsGrpc.RevisionsBlockingStub;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.WatchRolloutRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Speaks gRPC to an agent through its root-only socket; each call has a deadline. */
public final class AgentClient implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  /** gRPC sets TCP options on every channel, and Netty warns that a Unix socket has none. */
  private static final Logger BOOTSTRAP = Logger.getLogger("io.netty.bootstrap");

  static {
    BOOTSTRAP.setLevel(Level.SEVERE);
  }

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ManagedChannel channel;

  /** Connects on the first call. */
  public AgentClient(Path socket) {
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .eventLoopGroup(loops)
            .channelType(EpollDomainSocketChannel.class)
            .usePlaintext()
            .build();
  }

  /** The channel, for calls that this class does not have. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Whether the agent says that it serves; false if it does not answer. */
  public boolean healthy() {
    try {
      return HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(2, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /** The cluster's nodes as this agent sees them. */
  public List<Node> nodes() {
    try {
      return NodesGrpc.newBlockingStub(channel)
          .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .list(ListNodesRequest.getDefaultInstance())
          .getNodesList();
    } catch (StatusRuntimeException e) {
      throw refused("cannot list nodes", e);
    }
  }

  /** Number of the revision in force. */
  public long head() {
    try {
      return revisions().history(HistoryRequest.newBuilder().setLimit(1).build()).getHead();
    } catch (StatusRuntimeException e) {
      throw refused("cannot read the history", e);
    }
  }

  /**
   * Pushes documents on top of the head, for good also where they are about nodes, and waits until
   * every node realizes them.
   *
   * @param upsert YAML texts to add or replace
   * @param remove documents to remove
   * @return how it ended on the nodes
   * @throws LabException with AGENT
   */
  public Rollout push(String message, List<String> upsert, List<DocumentName> remove) {
    try {
      PushRequest request =
          PushRequest.newBuilder()
              .setBase(head())
              .addAllUpsert(upsert)
              .addAllRemove(remove)
              .setMessage(message)
              .setWithoutConfirmation(true)
              .build();
      return awaitRollout(revisions().push(request).getRevision().getNumber());
    } catch (StatusRuntimeException e) {
      throw refused("the push was refused", e);
    }
  }

  /** The last state of a rollout, once it has settled. */
  public Rollout awaitRollout(long revision) {
    Rollout last = Rollout.getDefaultInstance();
    try {
      Iterator<Rollout> states =
          revisions().watchRollout(WatchRolloutRequest.newBuilder().setRevision(revision).build());
      while (!last.getSettled() && states.hasNext()) {
        last = states.next();
      }
      return last;
    } catch (StatusRuntimeException e) {
      List<String> waiting = new ArrayList<>();
      last.getNodesList().forEach(node -> waiting.add(node.getNode() + " " + node.getState()));
      throw refused("revision " + revision + " did not settle: " + waiting, e);
    }
  }

  private RevisionsBlockingStub revisions() {
    return RevisionsGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static LabException refused(String what, StatusRuntimeException e) {
    return new LabException(LabException.Code.AGENT, what + ": " + e.getStatus(), e);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
