package io.sekisho.bench;

import io.sekisho.lab.LabNames;
import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends datagrams out of the real pods of the real node to pods of others, until one comes back:
 * its policy let the pod send, its kernel knew where to, and the answer found its way home.
 */
final class KubernetesReach implements AutoCloseable {
  private static final int PORT = 8080;
  private static final long TICK_MILLIS = 1;
  private static final long AGAIN_NANOS = 3_000_000;

  /** After so long it is sent again after a part of that: 3 %. */
  private static final long AGAIN_PART = 32;

  private static final Duration LOST = Duration.ofSeconds(20);

  private final KubernetesNode node;
  private final Selector selector;
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final Map<Long, Probe> open = new ConcurrentHashMap<>();
  private final Queue<Double> reached = new ConcurrentLinkedQueue<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger leftOut = new AtomicInteger();
  private final AtomicReference<String> failure = new AtomicReference<>("");
  private final Thread thread;

  /** Datagrams from one generation of a pod to an address. */
  private static final class Probe {
    private final int pod;
    private final int generation;
    private final InetSocketAddress to;
    private final long since = System.nanoTime();
    private long sent = since - AGAIN_NANOS;

    private Probe(int pod, int generation, InetSocketAddress to) {
      this.pod = pod;
      this.generation = generation;
      this.to = to;
    }
  }

  /** Opens a socket in the namespaces of all of the node's pods. */
  KubernetesReach(KubernetesNode node, int pods) {
    this.node = node;
    try {
      selector = Selector.open();
      for (int i = 0; i < 2 * pods; i++) {
        channels.add(socket(KubernetesNode.pod(i / 2, i % 2)));
        channels.getLast().register(selector, SelectionKey.OP_READ);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name("reach").start(this::run);
  }

  private static DatagramChannel socket(String namespace) {
    try (var inside = NetworkNamespace.open(LabNames.file(namespace))) {
      return inside.call(
          () -> {
            var channel = DatagramChannel.open(StandardProtocolFamily.INET);
            channel.bind(new InetSocketAddress(0)).configureBlocking(false);
            return channel;
          });
    }
  }

  /** Begins to send to a pod; not if no pod may, or its friend is just replaced. */
  void begin(int pod, String address) {
    OptionalInt friend = KubernetesObjects.friendOf(pod);
    if (friend.isEmpty()) {
      return;
    }
    OptionalInt generation = node.wired(friend.getAsInt());
    if (generation.isEmpty()) {
      leftOut.incrementAndGet();
      return;
    }
    var to = new InetSocketAddress(address, PORT);
    open.put(numbers.incrementAndGet(), new Probe(friend.getAsInt(), generation.getAsInt(), to));
    selector.wakeup();
  }

  private void run() {
    try {
      while (selector.isOpen()) {
        selector.select(this::receive, TICK_MILLIS);
        open.forEach(this::tend);
      }
    } catch (ClosedSelectorException e) {
      // the end
    } catch (IOException e) {
      failure.compareAndSet("", "datagrams cannot be received: " + e.getMessage());
    }
  }

  private void receive(SelectionKey key) {
    var buffer = ByteBuffer.allocate(Long.BYTES);
    try {
      while (key.channel() instanceof DatagramChannel channel
          && channel.receive(buffer.clear()) != null) {
        Probe probe = buffer.flip().remaining() < Long.BYTES ? null : open.remove(buffer.getLong());
        if (probe != null) {
          reached.add((System.nanoTime() - probe.since) / 1e6);
        }
      }
    } catch (IOException e) {
      // its pod goes; what comes is sent for again
    }
  }

  private void tend(long number, Probe probe) {
    long now = System.nanoTime();
    OptionalInt wired = node.wired(probe.pod);
    if (wired.isEmpty() || wired.getAsInt() != probe.generation) {
      open.remove(number);
      leftOut.incrementAndGet();
    } else if (now - probe.since > LOST.toNanos()) {
      open.remove(number);
      failure.compareAndSet("", "no datagram ever came back from " + probe.to);
    } else if (now - probe.sent >= Math.max(AGAIN_NANOS, (now - probe.since) / AGAIN_PART)) {
      probe.sent = now;
      send(number, probe);
    }
  }

  private void send(long number, Probe probe) {
    int slot = probe.pod / KubernetesObjects.NODES;
    DatagramChannel channel = channels.get(2 * slot + probe.generation % 2);
    try {
      channel.send(ByteBuffer.allocate(Long.BYTES).putLong(number).flip(), probe.to);
    } catch (IOException e) {
      // no way yet, or the pod goes: it is sent again
    }
  }

  /** Whether nothing is on its way. */
  boolean isIdle() {
    return open.isEmpty();
  }

  /** How long it took, ms. */
  Series reached() {
    return new Series(reached.stream().mapToDouble(d -> d).toArray());
  }

  /** How many were not sent or given up, because the pod that sends was replaced itself. */
  int leftOut() {
    return leftOut.get();
  }

  /** What went wrong, empty if nothing did. */
  String failure() {
    return failure.get();
  }

  @Override
  public void close() {
    try {
      selector.close();
      thread.join();
      for (DatagramChannel channel : channels) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
