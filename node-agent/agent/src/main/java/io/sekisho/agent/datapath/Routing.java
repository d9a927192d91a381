package io.sekisho.agent.datapath;

import java.util.Locale;

/** How packets travel to the pods of other nodes. */
public enum Routing {
  /** In UDP, as RFC 7348 says; every kernel has it. */
  VXLAN(8472),
  /** In UDP, as RFC 8926 says; the kernel needs CONFIG_GENEVE. */
  GENEVE(6081),
  /** As they are, by the routes of the underlay. */
  NATIVE(0);

  private final int port;

  Routing(int port) {
    this.port = port;
  }

  /**
   * Usual UDP port of the tunnel (Linux' own for VXLAN, the registered one for Geneve); 0: none.
   */
  public int usualPort() {
    return port;
  }

  /** Whether packets are put into other packets. */
  public boolean isOverlay() {
    return this != NATIVE;
  }

  /** The word in configurations and in the API, for example {@code vxlan}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
