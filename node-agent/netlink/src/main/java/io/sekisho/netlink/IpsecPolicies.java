package io.sekisho.netlink;

import java.util.Optional;

/**
 * Policies of IPsec (XFRM_MSG_GETPOLICY, linux/xfrm.h): which packets the kernel encrypts or
 * refuses on their way through its stack. What programs send past the stack they do not see.
 */
public final class IpsecPolicies {
  /** NETLINK_XFRM. */
  static final int PROTOCOL = 6;

  /** XFRMGRP_POLICY. */
  static final int GROUP = 8;

  private static final int NEW = 0x13;
  private static final int GET = 0x15;

  /** Of struct xfrm_userpolicy_id, bytes; zero: all. */
  private static final int HEADER = 64;

  private IpsecPolicies() {}

  /**
   * Whether there are any in the calling thread's network namespace; a kernel without IPsec has
   * none.
   *
   * @throws NetlinkException if they cannot be listed
   */
  public static boolean present() {
    Optional<Netlink> socket = Netlink.open(PROTOCOL);
    if (socket.isEmpty()) {
      return false;
    }
    try (var netlink = socket.get()) {
      return !netlink.list(all()).isEmpty();
    }
  }

  private static Query<Boolean> all() {
    var request = new Request("list IPsec policies", GET, Netlink.Flags.DUMP, new byte[HEADER]);
    return new Query<>(request, NEW, answer -> Optional.of(true));
  }
}
