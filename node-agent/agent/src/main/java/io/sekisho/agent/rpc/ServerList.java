package io.sekisho.agent.rpc;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Resolves {@code servers:///host:port,host:port}: equal servers, tried in order, each with its own
 * name for the check of its certificate. gRPC itself has names for one host only.
 */
final class ServerList extends NameResolverProvider {
  private static final String SCHEME = "servers";

  static {
    NameResolverRegistry.getDefaultRegistry().register(new ServerList());
  }

  /** The target of these servers. */
  static String register(List<String> servers) {
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no server is given");
    }
    servers.forEach(ServerList::parse);
    return SCHEME + ":///" + String.join(",", servers);
  }

  /** Host and port; IPv6 addresses stand in brackets. */
  private static URI parse(String server) {
    URI uri = URI.create("//" + server);
    if (uri.getHost() == null || uri.getPort() < 1) {
      throw new IllegalArgumentException("'" + server + "' is not host:port");
    }
    return uri;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 0;
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return Set.of(InetSocketAddress.class);
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return new Resolver(List.of(target.getPath().substring(1).split(",")));
  }

  /**
   * Gives the addresses; names are looked up each time, off the event loop. A look-up waits in
   * native code, which would keep a carrier of virtual threads; a name server may be silent for a
   * minute.
   */
  private static final class Resolver extends NameResolver {
    private final List<String> servers;
    private volatile Listener2 listener = new Nobody();

    private Resolver(List<String> servers) {
      this.servers = servers;
    }

    @Override
    public String getServiceAuthority() {
      return servers.getFirst();
    }

    @Override
    public void start(Listener2 who) {
      listener = who;
      refresh();
    }

    @Override
    public void refresh() {
      Thread.ofPlatform().daemon().name("resolve").start(this::resolve);
    }

    private void resolve() {
      var groups = servers.stream().map(Resolver::group).toList();
      var result =
          ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(groups)).build();
      listener.onResult(result);
    }

    private static EquivalentAddressGroup group(String server) {
      URI uri = parse(server);
      String host = uri.getHost();
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return new EquivalentAddressGroup(
          new InetSocketAddress(bare, uri.getPort()),
          Attributes.newBuilder()
              .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, server)
              .build());
    }

    @Override
    public void shutdown() {
      listener = new Nobody();
    }
  }

  /** Listens before the channel does. */
  private static final class Nobody extends NameResolver.Listener2 {
    @Override
    public void onResult(NameResolver.ResolutionResult result) {
      // Nobody asked.
    }

    @Override
    public void onError(Status error) {
      // Nobody asked.
    }
  }
}
