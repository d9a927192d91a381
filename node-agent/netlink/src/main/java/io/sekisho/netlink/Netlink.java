package io.sekisho.netlink;

import io.sekisho.libbpf.system.Descriptor;
import io.sekisho.libbpf.system.Errno;
import io.sekisho.libbpf.system.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * A socket to the kernel's routing tables (AF_NETLINK, NETLINK_ROUTE), bound for life to the
 * network namespace of the thread that opened it. Not thread-safe.
 */
public final class Netlink implements AutoCloseable {
  private static final int AF_NETLINK = 16;

  /** NETLINK_ROUTE. */
  private static final int ROUTE = 0;

  private static final int SOCK_RAW = 3;
  private static final int SOL_NETLINK = 270;
  private static final int CAP_ACK = 10;
  private static final int EXT_ACK = 11;
  private static final int STRICT_CHECK = 12;
  private static final int FLAG_REQUEST = 1;
  private static final int FLAG_ACK = 4;
  private static final int HEADER = 16;
  private static final int BUFFER = 1 << 16;

  /** Requests at once: their acknowledgements must fit the socket's buffer of 208 KiB. */
  private static final int BATCH = 64;

  private static final int DUMP_TRIES = 10;

  private final Descriptor socket;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment output = arena.allocate(BUFFER, 8);
  private final MemorySegment input = arena.allocate(BUFFER, 8);
  private int sequence;

  private Netlink(Descriptor socket) {
    this.socket = socket;
  }

  /** Opens a socket in the calling thread's network namespace. */
  public static Netlink open() {
    return open(SystemCalls.socket(AF_NETLINK, SOCK_RAW, ROUTE), "netlink socket");
  }

  /**
   * Opens a socket to another part of the kernel, by number (linux/netlink.h); empty if the kernel
   * was made without it.
   */
  static Optional<Netlink> open(int protocol) {
    int fd = SystemCalls.socket(AF_NETLINK, SOCK_RAW, protocol);
    return fd == -Errno.EPROTONOSUPPORT
        ? Optional.empty()
        : Optional.of(open(fd, "netlink socket " + protocol));
  }

  private static Netlink open(int fd, String what) {
    var socket = new Descriptor(NetlinkException.check(what, fd));
    byte[] on = {1, 0, 0, 0};
    for (int option : new int[] {CAP_ACK, EXT_ACK, STRICT_CHECK}) {
      // Absent on kernels before 4.20; then errors have no text and dumps are filtered here only.
      SystemCalls.setsockopt(fd, SOL_NETLINK, option, on);
    }
    return new Netlink(socket);
  }

  /**
   * Sends requests in one go and waits for all answers. The kernel works on them in order and does
   * not stop at an error.
   *
   * @throws NetlinkException the first error; the others are suppressed ones of it
   */
  public void run(Request... requests) {
    run(List.of(requests));
  }

  /** See {@link #run(Request...)}; a long list goes in several parts, each whole. */
  public void run(List<Request> requests) {
    Optional<NetlinkException> failure = Optional.empty();
    for (int from = 0; from < requests.size(); from += BATCH) {
      failure = runPart(requests.subList(from, Math.min(from + BATCH, requests.size())), failure);
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private Optional<NetlinkException> runPart(
      List<Request> requests, Optional<NetlinkException> before) {
    var waiting = new HashMap<Integer, Request>();
    ByteBuffer out = output.asByteBuffer().order(ByteOrder.nativeOrder());
    for (Request request : requests) {
      waiting.put(put(out, request, FLAG_ACK), request);
    }
    send(out.position(), requests.getFirst().toString());
    Optional<NetlinkException> failure = before;
    while (!waiting.isEmpty()) {
      for (Answer answer : receive()) {
        Request request = waiting.remove(answer.sequence());
        if (request != null && answer.type() == Answer.ERROR && answer.errno() != 0) {
          failure = Optional.of(joined(failure, request, answer));
        }
      }
    }
    return failure;
  }

  private static NetlinkException joined(
      Optional<NetlinkException> first, Request request, Answer answer) {
    var error = NetlinkException.refused(request.toString(), answer.errno(), answer.explanation());
    first.ifPresent(f -> f.addSuppressed(error));
    return first.orElse(error);
  }

  /** The same; an error with this code is no error. */
  public void runUnless(NetlinkException.Code tolerated, Request request) {
    try {
      run(request);
    } catch (NetlinkException e) {
      if (e.code() != tolerated) {
        throw e;
      }
    }
  }

  /** Asks; asks again if the kernel says that the answer was torn by a change. */
  public <T> List<T> list(Query<T> query) {
    for (int i = 0; i < DUMP_TRIES; i++) {
      var found = new ArrayList<T>();
      if (listOnce(query, found)) {
        return found;
      }
    }
    throw new NetlinkException(
        NetlinkException.Code.SYSTEM, 0, query.request() + ": it changes all the time");
  }

  /** Asks for one object; empty if the kernel does not know it. */
  public <T> Optional<T> find(Query<T> query) {
    try {
      return list(query).stream().findFirst();
    } catch (NetlinkException e) {
      if (e.code() == NetlinkException.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private <T> boolean listOnce(Query<T> query, List<T> found) {
    ByteBuffer out = output.asByteBuffer().order(ByteOrder.nativeOrder());
    Request request = query.request();
    boolean dump = (request.flags() & Flags.DUMP) != 0;
    int id = put(out, request, dump ? 0 : FLAG_ACK);
    send(out.position(), request.toString());
    boolean whole = true;
    while (true) {
      for (Answer answer : receive()) {
        if (answer.sequence() != id) {
          continue;
        }
        whole &= (answer.flags() & Answer.FLAG_DUMP_INTERRUPTED) == 0;
        if (answer.type() == Answer.ERROR || answer.type() == Answer.DONE) {
          if (answer.errno() != 0) {
            throw NetlinkException.refused(
                request.toString(), answer.errno(), answer.explanation());
          }
          return whole;
        }
        if (answer.type() == query.answerType()) {
          query.parser().parse(answer.body()).ifPresent(found::add);
        }
      }
    }
  }

  private int put(ByteBuffer out, Request request, int extraFlags) {
    int id = ++sequence;
    int length = HEADER + request.body().length;
    if (length + 3 > out.remaining()) {
      throw new IllegalArgumentException("too many requests at once");
    }
    out.putInt(length)
        .putShort((short) request.type())
        .putShort((short) (request.flags() | FLAG_REQUEST | extraFlags))
        .putInt(id)
        .putInt(0)
        .put(request.body());
    while (out.position() % 4 != 0) {
      out.put((byte) 0);
    }
    return id;
  }

  private void send(int length, String what) {
    NetlinkException.check(what, SystemCalls.send(socket.number(), output, length));
  }

  private List<Answer> receive() {
    long length;
    do {
      length = SystemCalls.receive(socket.number(), input);
    } while (length == -Errno.EINTR);
    int read = NetlinkException.check("receive", length);
    return Answer.readAll(input.asSlice(0, read).asByteBuffer().order(ByteOrder.nativeOrder()));
  }

  @Override
  public void close() {
    socket.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  /** Flags of requests, {@code NLM_F_…}. */
  static final class Flags {
    static final int REPLACE = 0x100;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;
    static final int DUMP = 0x300;

    private Flags() {}
  }
}
