package io.sekisho.agent.datapath;

import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.testkit.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** TCP connections from one namespace to another, one after the other, each with a question. */
final class ConnectStream implements AutoCloseable {
  private static final int PORT = 7008;
  private static final int PATIENCE_MILLIS = 20_000;

  private final NetworkNamespace from;
  private final InetSocketAddress target;
  private final ServerSocket server;
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final List<Thread> threads;
  private volatile boolean stopped;

  ConnectStream(NetworkNamespace from, NetworkNamespace to, String address) {
    this.from = from;
    target = new InetSocketAddress(TestNode.ip(address), PORT);
    server =
        to.call(
            () -> {
              var listening = new ServerSocket();
              listening.bind(target);
              return listening;
            });
    threads = List.of(start(this::answer), start(this::ask));
  }

  private static Thread start(Runnable work) {
    return Thread.ofPlatform().daemon().name("connect").start(work);
  }

  private void answer() {
    while (!stopped) {
      try (var socket = server.accept()) {
        socket.getOutputStream().write(socket.getInputStream().read());
        socket.getInputStream().read();
      } catch (IOException e) {
        // the asking side counts what fails
        continue;
      }
    }
  }

  private void ask() {
    while (!stopped) {
      try (var socket = from.call(this::connect)) {
        socket.getOutputStream().write(7);
        if (socket.getInputStream().read() == 7) {
          answered.incrementAndGet();
        } else {
          failed.incrementAndGet();
        }
      } catch (IOException | NetlinkException e) {
        // the second is what a connection becomes that is refused
        if (!stopped) {
          failed.incrementAndGet();
        }
      }
    }
  }

  private Socket connect() throws IOException {
    var socket = new Socket();
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(target, PATIENCE_MILLIS);
    return socket;
  }

  int answered() {
    return answered.get();
  }

  int failed() {
    return failed.get();
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    server.close();
    Await.until("threads end", () -> threads.stream().noneMatch(Thread::isAlive));
  }
}
