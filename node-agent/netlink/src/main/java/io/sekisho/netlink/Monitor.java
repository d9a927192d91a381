package io.sekisho.netlink;

import io.sekisho.libbpf.system.Descriptor;
import io.sekisho.libbpf.system.Errno;
import io.sekisho.libbpf.system.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Hears of links, addresses, default routes and routing rules that change and of routes that go, in
 * the network namespace of the thread that opened it (multicast groups RTNLGRP_LINK,
 * RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
 * RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE). What the kernel could not keep (ENOBUFS) or says in a way
 * that cannot be read is told as {@link Change.Missed}: whoever listens must look at the present
 * state then.
 */
public final class Monitor implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Monitor.class.getName());
  private static final int AF_NETLINK = 16;
  private static final int AF_BRIDGE = 7;
  private static final int SOCK_RAW = 3;

  /** RTMGRP_LINK, and those of addresses, routes and rules, IPv4 and IPv6. */
  private static final int GROUPS = 0x1 | 0x10 | 0x100 | 0x40 | 0x400 | 0x80 | 0x40000;

  private static final int NEW_LINK = 16;
  private static final int DELETE_LINK = 17;
  private static final int NEW_ADDRESS = 20;
  private static final int DELETE_ADDRESS = 21;
  private static final int NEW_ROUTE = 24;
  private static final int DELETE_ROUTE = 25;
  private static final int NEW_RULE = 32;
  private static final int DELETE_RULE = 33;

  /** No datagram of these groups comes near: a link's message has some 1500 bytes. */
  private static final int BUFFER = 1 << 16;

  private static final int LOOK_EVERY_MILLIS = 100;

  private final Descriptor socket;
  private final Reader reader;
  private final Consumer<Change> listener;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment input = arena.allocate(BUFFER, 8);
  private final Thread thread;
  private volatile boolean closed;

  /** Tells all that a datagram says. */
  private interface Reader {
    void read(ByteBuffer datagram, Consumer<Change> listener);
  }

  /** Something that changed. */
  public sealed interface Change {
    /** A link is new, or differs in anything. */
    record LinkChanged(Link link) implements Change {}

    /** A link is gone from the namespace. */
    record LinkGone(Link link) implements Change {}

    /** An address came, or changed its state. */
    record AddressChanged(Addresses.Assigned address) implements Change {}

    /** An address went, and with it the routes that stood on it. */
    record AddressGone(Addresses.Assigned address) implements Change {}

    /** A route went. The kernel does not tell of IPv4 routes that go with their device. */
    record RouteGone(Route route) implements Change {}

    /** A default route of the main table came, changed or went; as {@link RouteGone}. */
    record DefaultRoutesChanged() implements Change {}

    /** A routing rule came or went. */
    record RulesChanged() implements Change {}

    /** A policy of IPsec came or went. */
    record IpsecChanged() implements Change {}

    /** Some changes were not heard. */
    record Missed() implements Change {}
  }

  private Monitor(Descriptor socket, String name, Reader reader, Consumer<Change> listener) {
    this.socket = socket;
    this.reader = reader;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  /**
   * Listens from now on.
   *
   * @param name of the thread on which the listener is called
   * @param listener hears of changes, one after the other
   */
  public static Monitor open(String name, Consumer<Change> listener) {
    int fd = NetlinkException.check("netlink socket", SystemCalls.socket(AF_NETLINK, SOCK_RAW, 0));
    return open(fd, GROUPS, name, Monitor::read, listener);
  }

  /**
   * Listens for policies of IPsec from now on; empty with a kernel that has none.
   *
   * @param name of the thread on which the listener is called
   * @param listener hears of {@link Change.IpsecChanged} and {@link Change.Missed}
   */
  public static Optional<Monitor> ofIpsec(String name, Consumer<Change> listener) {
    int fd = SystemCalls.socket(AF_NETLINK, SOCK_RAW, IpsecPolicies.PROTOCOL);
    if (fd == -Errno.EPROTONOSUPPORT) {
      return Optional.empty();
    }
    NetlinkException.check("netlink socket of IPsec", fd);
    Reader reader = (datagram, told) -> told.accept(new Change.IpsecChanged());
    return Optional.of(open(fd, IpsecPolicies.GROUP, name, reader, listener));
  }

  private static Monitor open(
      int fd, int groups, String name, Reader reader, Consumer<Change> listener) {
    var socket = new Descriptor(fd);
    byte[] address =
        ByteBuffer.allocate(12)
            .order(ByteOrder.nativeOrder())
            .putShort((short) AF_NETLINK)
            .putInt(8, groups)
            .array();
    try {
      NetlinkException.check("netlink groups", SystemCalls.bind(fd, address));
    } catch (NetlinkException e) {
      socket.close();
      throw e;
    }
    var monitor = new Monitor(socket, name, reader, listener);
    monitor.thread.start();
    return monitor;
  }

  private void run() {
    while (!closed) {
      int readable = SystemCalls.awaitReadable(socket.number(), LOOK_EVERY_MILLIS);
      if (readable > 0) {
        receive();
      }
    }
  }

  private void receive() {
    long length = SystemCalls.receive(socket.number(), input);
    if (length == -Errno.EINTR || length == -Errno.EAGAIN) {
      return;
    }
    if (length < 0) {
      drain();
      tell(new Change.Missed());
      return;
    }
    var datagram = input.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
    reader.read(datagram, this::tell);
  }

  /**
   * The kernel says once that a full queue lost something, and then loses all without a word until
   * it is empty: only who looks after that misses nothing.
   */
  private void drain() {
    while (!closed && SystemCalls.awaitReadable(socket.number(), 0) > 0) {
      long length = SystemCalls.receive(socket.number(), input);
      if (length == -Errno.EAGAIN) {
        return;
      }
    }
  }

  /** Tells all that a datagram says; what cannot be read is one missed change, not an error. */
  static void read(ByteBuffer datagram, Consumer<Change> listener) {
    try {
      for (Answer message : Answer.readAll(datagram)) {
        read(message, listener);
      }
    } catch (NetlinkException e) {
      listener.accept(new Change.Missed());
    }
  }

  private static void read(Answer message, Consumer<Change> listener) {
    boolean isLink = message.type() == NEW_LINK || message.type() == DELETE_LINK;
    if (isLink && message.body().hasRemaining() && message.body().get(0) == AF_BRIDGE) {
      return; // A bridge tells of its ports by the same messages; the link itself is as it was.
    }
    switch (message.type()) {
      case NEW_LINK -> Links.parse(message.body()).map(Change.LinkChanged::new).ifPresent(listener);
      case DELETE_LINK -> Links.parse(message.body()).map(Change.LinkGone::new).ifPresent(listener);
      case NEW_ADDRESS ->
          Addresses.parse(message.body()).map(Change.AddressChanged::new).ifPresent(listener);
      case DELETE_ADDRESS ->
          Addresses.parse(message.body()).map(Change.AddressGone::new).ifPresent(listener);
      case NEW_ROUTE -> readDefault(message, listener);
      case DELETE_ROUTE -> {
        readDefault(message, listener);
        Routes.parse(message.body()).map(Change.RouteGone::new).ifPresent(listener);
      }
      case NEW_RULE, DELETE_RULE -> listener.accept(new Change.RulesChanged());
      default -> {
        // Nothing else is sent to these groups that concerns us.
      }
    }
  }

  private static void readDefault(Answer message, Consumer<Change> listener) {
    if (Routes.isDefault(message.body())) {
      listener.accept(new Change.DefaultRoutesChanged());
    }
  }

  /** A listener that fails must not end the listening. */
  private void tell(Change change) {
    try {
      listener.accept(change);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a change was not taken: " + change, e);
    }
  }

  /** Ends within {@value #LOOK_EVERY_MILLIS} ms; must not be called by the listener. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    socket.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
