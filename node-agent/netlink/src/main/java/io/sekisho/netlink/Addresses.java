package io.sekisho.netlink;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Addresses of interfaces (RTM_*ADDR, linux/if_addr.h). */
public final class Addresses {
  private static final int NEW = 20;
  private static final int DELETE = 21;
  private static final int GET = 22;
  private static final int HEADER = 8;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int IFA_FLAGS = 8;
  private static final int NO_DUPLICATE_DETECTION = 0x02;

  /** IFA_F_TENTATIVE, IFA_F_DADFAILED. */
  private static final int NOT_USABLE = 0x40 | 0x08;

  private static final int SCOPE_UNIVERSE = 0;
  private static final int SCOPE_LINK = 253;
  private static final int SCOPE_SITE_LIMIT = 253;

  private Addresses() {}

  /**
   * An address of an interface.
   *
   * @param index the interface
   * @param address the address
   * @param prefixLength bits of the network
   * @param scope 0 for everywhere, 253 for the link, 254 for the host
   * @param usable whether duplicate address detection has let it pass
   */
  public record Assigned(
      int index, InetAddress address, int prefixLength, int scope, boolean usable) {
    /** A usable address. */
    public Assigned(int index, InetAddress address, int prefixLength, int scope) {
      this(index, address, prefixLength, scope, true);
    }

    /** Whether other machines may know it: it is no address of the link or the host alone. */
    public boolean isGlobal() {
      return scope < SCOPE_SITE_LIMIT;
    }
  }

  /** Gives an interface an address, usable at once (no duplicate address detection). */
  public static Request add(int index, InetAddress address, int prefixLength) {
    return add(index, address, prefixLength, SCOPE_UNIVERSE);
  }

  /** The same with an address that means something on the interface's link alone. */
  public static Request addForLink(int index, InetAddress address, int prefixLength) {
    return add(index, address, prefixLength, SCOPE_LINK);
  }

  private static Request add(int index, InetAddress address, int prefixLength, int scope) {
    Body body = body(index, address, prefixLength, scope);
    body.attribute32(IFA_FLAGS, NO_DUPLICATE_DETECTION);
    String what = "add address %s/%d".formatted(address.getHostAddress(), prefixLength);
    int flags = Netlink.Flags.CREATE | Netlink.Flags.REPLACE;
    return new Request(what, NEW, flags, body.bytes());
  }

  /** Takes an address away. */
  public static Request delete(int index, InetAddress address, int prefixLength) {
    String what = "delete address %s/%d".formatted(address.getHostAddress(), prefixLength);
    return new Request(what, DELETE, 0, body(index, address, prefixLength, SCOPE_UNIVERSE).bytes());
  }

  /** All addresses of all interfaces. */
  public static Query<Assigned> all() {
    var body = new Body();
    body.u8(0).u8(0).u8(0).u8(0).u32(0);
    return new Query<>(
        new Request("list addresses", GET, Netlink.Flags.DUMP, body.bytes()),
        NEW,
        Addresses::parse);
  }

  private static Body body(int index, InetAddress address, int prefixLength, int scope) {
    var body = new Body();
    body.u8(family(address)).u8(prefixLength).u8(0).u8(scope).u32(index);
    return body.attribute(IFA_LOCAL, address).attribute(IFA_ADDRESS, address);
  }

  /** AF_INET or AF_INET6. */
  static int family(InetAddress address) {
    return address instanceof Inet4Address ? 2 : 10;
  }

  static Optional<Assigned> parse(ByteBuffer body) {
    Attributes attributes = Attributes.after(body, HEADER);
    return attributes
        .address(IFA_LOCAL)
        .or(() -> attributes.address(IFA_ADDRESS))
        .map(
            a ->
                new Assigned(
                    body.getInt(4),
                    a,
                    body.get(1) & 0xff,
                    body.get(3) & 0xff,
                    (attributes.u32(IFA_FLAGS).orElse(body.get(2)) & NOT_USABLE) == 0));
  }
}
