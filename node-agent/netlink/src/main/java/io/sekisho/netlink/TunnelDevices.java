package io.sekisho.netlink;

/** Tunnel devices made only to see whether the kernel has them. */
public final class TunnelDevices {
  private static final int NEW = 16;
  private static final int LINK_HEADER = 16;
  private static final int IFLA_NAME = 3;
  private static final int IFLA_LINK_INFO = 18;
  private static final int INFO_KIND = 1;
  private static final int INFO_DATA = 2;
  private static final int VXLAN_COLLECT_METADATA = 25;
  private static final int GENEVE_COLLECT_METADATA = 6;

  private TunnelDevices() {}

  /** Makes a VXLAN device that takes the tunnel endpoint from each packet; down. */
  public static Request vxlan(String name) {
    return device(name, "vxlan", body -> body.attribute8(VXLAN_COLLECT_METADATA, 1));
  }

  /** Makes a Geneve device that takes the tunnel endpoint from each packet; down. */
  public static Request geneve(String name) {
    // A flag: its presence counts (linux/if_link.h).
    return device(name, "geneve", body -> body.attribute(GENEVE_COLLECT_METADATA, new byte[0]));
  }

  private static Request device(String name, String kind, java.util.function.Consumer<Body> data) {
    var body = new Body();
    for (int i = 0; i < LINK_HEADER; i++) {
      body.u8(0);
    }
    body.attribute(IFLA_NAME, name);
    body.nested(
        IFLA_LINK_INFO,
        () -> {
          body.attribute(INFO_KIND, kind);
          body.nested(INFO_DATA, () -> data.accept(body));
        });
    int flags = Netlink.Flags.CREATE | Netlink.Flags.EXCLUSIVE;
    return new Request("try a " + kind + " device", NEW, flags, body.bytes());
  }
}
