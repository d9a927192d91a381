package io.sekisho.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Neighbours: which Ethernet address an address has (RTM_*NEIGH, linux/neighbour.h). */
public final class Neighbours {
  private static final int NEW = 28;
  private static final int DELETE = 29;
  private static final int GET = 30;
  private static final int HEADER = 12;
  private static final int NDA_DESTINATION = 1;
  private static final int NDA_ADDRESS = 2;
  private static final int PERMANENT = 0x80;

  private Neighbours() {}

  /**
   * A neighbour.
   *
   * @param index interface behind which it is
   * @param address its address
   * @param mac its Ethernet address, empty while it is looked for
   * @param permanent whether it was set, not learnt
   */
  public record Neighbour(
      int index, InetAddress address, Optional<MacAddress> mac, boolean permanent) {}

  /** Sets a neighbour for good: nothing is asked on the link. */
  public static Request add(int index, InetAddress address, MacAddress mac) {
    Body body = body(index, address).attribute(NDA_ADDRESS, mac.bytes());
    String what = "add neighbour " + address.getHostAddress() + " " + mac;
    int flags = Netlink.Flags.CREATE | Netlink.Flags.REPLACE;
    return new Request(what, NEW, flags, body.bytes());
  }

  /** Forgets a neighbour. */
  public static Request delete(int index, InetAddress address) {
    String what = "delete neighbour " + address.getHostAddress();
    return new Request(what, DELETE, 0, body(index, address).bytes());
  }

  /** All neighbours of both families. */
  public static Query<Neighbour> all() {
    var body = new Body();
    body.u8(0).u8(0).u16(0).u32(0).u16(0).u8(0).u8(0);
    return new Query<>(
        new Request("list neighbours", GET, Netlink.Flags.DUMP, body.bytes()),
        NEW,
        Neighbours::parse);
  }

  private static Body body(int index, InetAddress address) {
    var body = new Body();
    body.u8(Addresses.family(address)).u8(0).u16(0).u32(index).u16(PERMANENT).u8(0).u8(0);
    return body.attribute(NDA_DESTINATION, address);
  }

  static Optional<Neighbour> parse(ByteBuffer body) {
    Attributes attributes = Attributes.after(body, HEADER);
    return attributes
        .address(NDA_DESTINATION)
        .map(
            address ->
                new Neighbour(
                    body.getInt(4),
                    address,
                    attributes.mac(NDA_ADDRESS),
                    (body.getShort(8) & PERMANENT) != 0));
  }
}
