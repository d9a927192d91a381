package io.sekisho.agent.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.pki.TlsFiles;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What all connections of a process share: two epoll threads for bytes and a virtual thread for
 * each call. Makes servers, and channels to agents and to etcd; TLS is the JDK's.
 */
public final class Transport implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Transport.class.getName());
  private static final int THREADS = 2;

  /** Below the 5 minutes of middle boxes; etcd and our servers allow a ping every 5 s. */
  private static final int KEEPALIVE_SECONDS = 10;

  private static final int KEEPALIVE_TIMEOUT_SECONDS = 5;

  /** A new certificate is in force so long after its files are there. */
  private static final long LOOK_SECONDS = 10;

  private static final String COMPONENT = "certificates";

  /** grpc-java sets SO_KEEPALIVE on every channel, and Netty warns that Unix sockets have none. */
  private static final Logger BOOTSTRAP = Logger.getLogger("io.netty.bootstrap");

  static {
    BOOTSTRAP.setLevel(Level.SEVERE);
  }

  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(
          THREADS,
          Thread.ofPlatform().name("rpc-", 0).daemon().factory(),
          EpollIoHandler.newFactory());
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<TlsFiles, LiveTls> certificates = new ConcurrentHashMap<>();
  private final ScheduledExecutorService follower =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("certificates").factory());

  /** A server on TCP that only talks to certificates of the authority. */
  NettyServerBuilder server(InetSocketAddress listen, TlsFiles tls) {
    return server(listen)
        .channelType(EpollServerSocketChannel.class)
        .sslContext(live(tls).server());
  }

  /** A server on a Unix socket that only talks to this process's own user and to root. */
  NettyServerBuilder server(Path socket) {
    return server(new DomainSocketAddress(socket.toFile()))
        .channelFactory(OwnerOnlySocket::guarded);
  }

  private NettyServerBuilder server(SocketAddress address) {
    return NettyServerBuilder.forAddress(address)
        .bossEventLoopGroup(threads)
        .workerEventLoopGroup(threads)
        .executor(calls);
  }

  /** A channel to the Unix socket of an agent. */
  public ManagedChannel channel(Path socket) {
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
        .overrideAuthority("localhost")
        .eventLoopGroup(threads)
        .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
        .executor(calls)
        .usePlaintext()
        .build();
  }

  /**
   * A channel to one of some equal servers over mutual TLS.
   *
   * @param servers {@code host:port}, tried in order
   * @param serverName what the certificate must name; empty for the server's address
   */
  public ManagedChannel channel(List<String> servers, TlsFiles tls, Optional<String> serverName) {
    NettyChannelBuilder builder = client(servers).sslContext(live(tls).client());
    serverName.ifPresent(builder::overrideAuthority);
    return builder.build();
  }

  /**
   * A channel to etcd.
   *
   * @param endpoints {@code https://host:port}, tried in order; {@code http} without certificates
   * @param tls for {@code https}
   */
  public ManagedChannel etcd(List<URI> endpoints, Optional<TlsFiles> tls) {
    var servers = endpoints.stream().map(uri -> uri.getHost() + ":" + uri.getPort()).toList();
    return tls.map(files -> channel(servers, files, Optional.empty()))
        .orElseGet(() -> client(servers).usePlaintext().build());
  }

  private NettyChannelBuilder client(List<String> servers) {
    return NettyChannelBuilder.forTarget(ServerList.register(servers))
        .eventLoopGroup(threads)
        .channelType(EpollSocketChannel.class, InetSocketAddress.class)
        .executor(calls)
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .maxInboundMessageSize(RpcConfig.MAX_MESSAGE_BYTES);
  }

  private LiveTls live(TlsFiles files) {
    return certificates.computeIfAbsent(files, LiveTls::new);
  }

  /** From now on certificates are read anew when their files change, and health tells of them. */
  public void follow(Health health, InstantSource clock) {
    follower.scheduleWithFixedDelay(
        () -> guarded(() -> look(health, clock.instant())),
        LOOK_SECONDS,
        LOOK_SECONDS,
        TimeUnit.SECONDS);
  }

  /** A fault of ours must not end what comes after it. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "certificates are not followed", e);
    }
  }

  /** Looks once at all certificates. */
  void look(Health health, Instant now) {
    var problems = new TreeSet<String>();
    for (LiveTls tls : certificates.values()) {
      tls.look(now);
      tls.problem(now).ifPresent(problems::add);
    }
    if (problems.isEmpty()) {
      health.clear(COMPONENT);
    } else {
      health.report(COMPONENT, String.join("; ", problems));
    }
  }

  @Override
  public void close() {
    follower.shutdownNow();
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    calls.shutdown();
  }
}
