package io.sekisho.agent.datapath;

import io.sekisho.netlink.EchoMessage;
import io.sekisho.netlink.IcmpSocket;
import io.sekisho.netlink.NetlinkException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pings by raw sockets of both families. A reply counts if its sender, id, sequence number and
 * nonce are those of a request that waits; all others (of other programs, late, or made up) are
 * passed over. One thread receives.
 */
final class RawPinger implements Pinger {
  /** Ids from here on belong to masqueraded pods. */
  private static final int IDS_END = Masquerade.USUAL.firstPort();

  /** How long closing may take to be noticed, ms. */
  private static final int POLL_MILLIS = 250;

  private final List<IcmpSocket> sockets;
  private final SecureRandom random = new SecureRandom();
  private final int id = random.nextInt(1, IDS_END);
  private final AtomicInteger sequence = new AtomicInteger();
  private final Map<Integer, Waiting> waiting = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** A request without an answer yet. */
  private record Waiting(
      InetAddress to, long nonce, long sentNanos, CompletableFuture<Echo> answer) {}

  private RawPinger(List<IcmpSocket> sockets) {
    this.sockets = List.copyOf(sockets);
    Thread.ofPlatform().name("pinger").daemon().start(this::receive);
  }

  /**
   * Opens sockets in the calling thread's network namespace; a family that the kernel lacks is left
   * out.
   *
   * @throws NetlinkException PERMISSION, or SYSTEM if there is no family at all
   */
  static RawPinger open() {
    var sockets = new ArrayList<IcmpSocket>();
    Optional<NetlinkException> failure = Optional.empty();
    for (boolean ipv4 : new boolean[] {true, false}) {
      try {
        sockets.add(IcmpSocket.open(ipv4));
      } catch (NetlinkException e) {
        failure = Optional.of(e);
      }
    }
    if (sockets.isEmpty() && failure.isPresent()) {
      throw failure.get();
    }
    return new RawPinger(sockets);
  }

  @Override
  public CompletableFuture<Echo> ping(InetAddress to, Duration timeout) {
    Optional<IcmpSocket> socket = sockets.stream().filter(s -> s.reaches(to)).findFirst();
    if (socket.isEmpty() || closed) {
      return CompletableFuture.completedFuture(Echo.refused("no socket of the address's family"));
    }
    int number = sequence.getAndIncrement() & 0xffff;
    var answer = new CompletableFuture<Echo>();
    var request = new Waiting(to, random.nextLong(), System.nanoTime(), answer);
    waiting.put(number, request);
    var _ =
        answer
            .completeOnTimeout(
                Echo.SILENCE, timeout.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS)
            .whenComplete((echo, error) -> waiting.remove(number, request));
    try {
      socket.get().send(to, new EchoMessage(id, number, request.nonce));
    } catch (NetlinkException e) {
      answer.complete(Echo.refused(String.valueOf(e.getMessage())));
    }
    return answer;
  }

  private void receive() {
    try {
      while (!closed) {
        if (IcmpSocket.await(sockets, POLL_MILLIS)) {
          sockets.forEach(this::receiveAll);
        }
      }
    } finally {
      sockets.forEach(IcmpSocket::close);
    }
  }

  private void receiveAll(IcmpSocket socket) {
    for (var reply = socket.receive(); reply.isPresent(); reply = socket.receive()) {
      accept(reply.get(), System.nanoTime());
    }
  }

  private void accept(IcmpSocket.Reply reply, long nanos) {
    EchoMessage message = reply.message();
    Waiting request = waiting.get(message.sequence());
    if (message.id() == id
        && request != null
        && request.nonce == message.nonce()
        && request.to.equals(reply.from())) {
      request.answer.complete(Echo.answered(nanos - request.sentNanos));
    }
  }

  @Override
  public void close() {
    closed = true;
    waiting.values().forEach(request -> request.answer.complete(Echo.SILENCE));
  }
}
