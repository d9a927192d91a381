package io.sekisho.agent.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sekisho.agent.pki.PkiException;
import io.sekisho.agent.pki.TlsFiles;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;

/**
 * What all connections of a process share: two epoll threads for bytes and a virtual thread for
 * each call. Makes servers, and channels to agents and to etcd; TLS is the JDK's.
 */
public final class Transport implements AutoCloseable {
  private static final int THREADS = 2;

  /** Below the 5 minutes of middle boxes; etcd and our servers allow a ping every 5 s. */
  private static final int KEEPALIVE_SECONDS = 10;

  private static final int KEEPALIVE_TIMEOUT_SECONDS = 5;

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

  /** A server on TCP that only talks to certificates of the authority. */
  NettyServerBuilder server(InetSocketAddress listen, TlsFiles tls) {
    return server(listen).channelType(EpollServerSocketChannel.class).sslContext(serverTls(tls));
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
    NettyChannelBuilder builder = client(servers).sslContext(clientTls(tls));
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

  private static SslContext serverTls(TlsFiles tls) {
    return tls(
        tls,
        () ->
            SslContextBuilder.forServer(tls.privateKey(), tls.chain())
                .clientAuth(ClientAuth.REQUIRE));
  }

  private static SslContext clientTls(TlsFiles tls) {
    return tls(tls, () -> SslContextBuilder.forClient().keyManager(tls.privateKey(), tls.chain()));
  }

  /** TLS 1.3 or 1.2 (RFC 8446, 5246), HTTP/2 by ALPN (RFC 7301). */
  private static SslContext tls(TlsFiles tls, Supplier<SslContextBuilder> builder) {
    tls.check();
    try {
      var context = builder.get().trustManager(tls.authorities());
      return GrpcSslContexts.configure(context, SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new PkiException(
          PkiException.Code.MALFORMED,
          tls.certificate() + " and " + tls.key() + " are no certificate with its key",
          e);
    }
  }

  @Override
  public void close() {
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    calls.shutdown();
  }
}
