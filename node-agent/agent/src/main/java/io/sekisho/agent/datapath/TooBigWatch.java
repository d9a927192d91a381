package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.NodeChange.PacketTooBig;
import io.sekisho.netlink.IcmpSocket;
import io.sekisho.netlink.NetlinkException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Hears when a router tells this node that a packet was too big. What it says is not believed, and
 * may be made up: it is only the reason to ask the kernel, which has looked whose packet it was. So
 * many as may come, there is one question in {@link #PAUSE_MILLIS}.
 */
final class TooBigWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TooBigWatch.class.getName());

  /** After the first message; the kernel knows by then, and others of the same kind have come. */
  private static final int PAUSE_MILLIS = 50;

  /** How long closing may take to be noticed, ms. */
  private static final int POLL_MILLIS = 250;

  /** More than the socket's buffer holds by default. */
  private static final int MOST = 1000;

  private final IcmpSocket socket;
  private final NodeChangeSink sink;
  private final CountDownLatch closed = new CountDownLatch(1);

  private TooBigWatch(IcmpSocket socket, NodeChangeSink sink) {
    this.socket = socket;
    this.sink = sink;
    Thread.ofPlatform().name("too-big").daemon().start(this::listen);
  }

  /**
   * Listens from now on, in the calling thread's network namespace; empty where no way is met over
   * IPv6, or the kernel gives no such socket: then narrow ways are noticed when they are asked of.
   */
  static Optional<TooBigWatch> open(NodeConfig config, NodeChangeSink sink) {
    if (!config.routing().isOverlay()
        || config.underlayAddresses().stream().allMatch(PodInterface::isIpv4)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new TooBigWatch(IcmpSocket.openTooBig(), sink));
    } catch (NetlinkException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "narrow ways to other nodes are noticed only after some seconds: {0}",
          e.getMessage());
      return Optional.empty();
    }
  }

  private void listen() {
    try (socket) {
      while (closed.getCount() > 0) {
        if (IcmpSocket.await(List.of(socket), POLL_MILLIS)
            && !closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          socket.skip(MOST);
          sink.accept(new PacketTooBig());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
