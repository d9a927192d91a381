package io.sekisho.agent.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Serves a Unix socket that only root may use: one virtual thread for each connection, so many at a
 * time, and no connection longer than its time. A socket file that nobody listens on is replaced;
 * one that somebody listens on is an error.
 */
public final class LocalServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LocalServer.class.getName());

  /** Serves one connection; what it throws ends the connection. */
  @FunctionalInterface
  public interface Service {
    /** Reads and answers; the connection is closed afterwards. */
    void serve(InputStream in, OutputStream out) throws IOException;
  }

  private final Path socket;
  private final Service service;
  private final Duration longest;
  private final Semaphore permits;
  private final ServerSocketChannel server;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  /**
   * Listens at once.
   *
   * @param socket path of the socket file; its folder is made if missing
   * @param connections how many are served at a time; others wait
   * @param longest time after which a connection is cut
   * @throws UncheckedIOException if the socket cannot be made, or is in use
   */
  public LocalServer(Path socket, int connections, Duration longest, Service service) {
    this.socket = socket;
    this.service = service;
    this.longest = longest;
    this.permits = new Semaphore(connections);
    try {
      this.server = listen(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + socket + ": " + e.getMessage(), e);
    }
    var acceptor = Thread.ofVirtual().name("accept " + socket.getFileName()).start(this::accept);
    assert acceptor.isVirtual();
  }

  private static ServerSocketChannel listen(Path socket) throws IOException {
    Path folder = socket.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    if (isServed(socket)) {
      throw new IOException("another process listens on it");
    }
    Files.deleteIfExists(socket);
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private static boolean isServed(Path socket) {
    if (!Files.exists(socket)) {
      return false;
    }
    try (var probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        permits.acquire();
        SocketChannel channel = server.accept();
        open.add(channel);
        Thread.ofVirtual().name("serve " + socket.getFileName()).start(() -> serve(channel));
      } catch (IOException e) {
        permits.release();
        if (server.isOpen()) {
          LOG.log(System.Logger.Level.ERROR, "no connection accepted on {0}: {1}", socket, e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void serve(SocketChannel channel) {
    Thread watchdog = Thread.ofVirtual().name("watchdog").start(() -> cut(channel));
    try (channel) {
      service.serve(Channels.newInputStream(channel), Channels.newOutputStream(channel));
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a connection on {0} failed: {1}", socket, e);
    } finally {
      watchdog.interrupt();
      open.remove(channel);
      permits.release();
    }
  }

  private void cut(SocketChannel channel) {
    try {
      Thread.sleep(longest);
      channel.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a connection on {0} cannot be cut: {1}", socket, e);
    }
  }

  /** Stops listening, cuts what is open, removes the socket file. */
  @Override
  public void close() {
    try {
      server.close();
      for (SocketChannel channel : open) {
        channel.close();
      }
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + socket + ": " + e, e);
    }
  }
}
