package io.sekisho.agent.rpc;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import java.io.IOException;

/**
 * Stands before a listening Unix socket's acceptor: asks the kernel who has connected (SO_PEERCRED,
 * unix(7)) and hangs up on everyone but root and the process's own user, whatever the file's mode
 * is.
 */
final class OwnerOnlySocket extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(OwnerOnlySocket.class.getName());
  private static final int ROOT = 0;

  private final int owner = currentUser();

  /** A new listening socket with its guard. */
  static EpollServerDomainSocketChannel guarded() {
    var channel = new EpollServerDomainSocketChannel();
    channel.pipeline().addLast(new OwnerOnlySocket());
    return channel;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    var child = (EpollDomainSocketChannel) accepted;
    int user = peer(child);
    if (user == ROOT || user == owner) {
      context.fireChannelRead(accepted);
    } else {
      LOG.log(System.Logger.Level.WARNING, "user {0} was refused on the agent''s socket", user);
      child.unsafe().closeForcibly();
    }
  }

  private static int peer(EpollDomainSocketChannel child) {
    try {
      return child.peerCredentials().uid();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the kernel does not say who has connected", e);
      return -1;
    }
  }

  private static int currentUser() {
    try {
      Object uid =
          java.nio.file.Files.getAttribute(java.nio.file.Path.of("/proc/self"), "unix:uid");
      return (Integer) uid;
    } catch (IOException e) {
      throw new IllegalStateException("/proc does not say who we are", e);
    }
  }
}
