package io.sekisho.netlink;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Network interfaces (RTM_*LINK, linux/if_link.h). */
public final class Links {
  private static final int NEW = 16;
  private static final int DELETE = 17;
  private static final int GET = 18;
  private static final int HEADER = 16;
  private static final int UP = 1;
  private static final int RUNNING = 0x40;
  private static final int NO_ARP = 0x80;

  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_NAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_LINK = 5;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_LINK_INFO = 18;
  private static final int IFLA_NS_FD = 28;
  private static final int IFLA_ALIAS = 20;
  private static final int IFLA_LINK_NAMESPACE_ID = 37;
  private static final int INFO_KIND = 1;
  private static final int INFO_DATA = 2;
  private static final int VETH_PEER = 1;
  private static final int VXLAN_LEARNING = 7;
  private static final int VXLAN_PORT = 15;
  private static final int VXLAN_COLLECT_METADATA = 25;
  private static final int GENEVE_PORT = 5;
  private static final int GENEVE_COLLECT_METADATA = 6;
  private static final byte[] FLAG = {};

  private static final int CREATE = Netlink.Flags.CREATE | Netlink.Flags.EXCLUSIVE;

  private Links() {}

  /**
   * One end of a pair.
   *
   * @param name at most 15 characters
   * @param mac its address
   * @param mtu bytes
   */
  public record End(String name, MacAddress mac, int mtu) {}

  /** Makes a pair, the near end up, the far end in the namespace of this open file, in one step. */
  public static Request addVeth(End near, End far, int farNamespaceFd) {
    var body = new Body();
    header(body, 0, UP);
    end(body, near);
    body.nested(
        IFLA_LINK_INFO,
        () -> {
          body.attribute(INFO_KIND, "veth");
          body.nested(
              INFO_DATA,
              () ->
                  body.nested(
                      VETH_PEER,
                      () -> {
                        header(body, 0, 0);
                        end(body, far);
                        body.attribute32(IFLA_NS_FD, farNamespaceFd);
                      }));
        });
    return new Request("add veth " + near.name(), NEW, CREATE, body.bytes());
  }

  private static void end(Body body, End end) {
    body.attribute(IFLA_NAME, end.name())
        .attribute32(IFLA_MTU, end.mtu())
        .attribute(IFLA_ADDRESS, end.mac().bytes());
  }

  /**
   * Makes a VXLAN device whose tunnel endpoint and network identifier come with every packet
   * ("external", collect metadata). It is up and asks for no neighbours, so that packets may be
   * routed into it.
   */
  public static Request addVxlan(String name, int port, int mtu) {
    return addTunnel(
        name,
        Link.VXLAN,
        mtu,
        body ->
            body.attribute8(VXLAN_COLLECT_METADATA, 1)
                .attribute8(VXLAN_LEARNING, 0)
                .attributeBig16(VXLAN_PORT, port));
  }

  /**
   * The same as Geneve (RFC 8926).
   *
   * <p>Sending it fails with UNSUPPORTED_FEATURE if the kernel was built without CONFIG_GENEVE.
   */
  public static Request addGeneve(String name, int port, int mtu) {
    return addTunnel(
        name,
        Link.GENEVE,
        mtu,
        body -> body.attribute(GENEVE_COLLECT_METADATA, FLAG).attributeBig16(GENEVE_PORT, port));
  }

  private static Request addTunnel(String name, String kind, int mtu, Consumer<Body> data) {
    var body = new Body();
    header(body, 0, UP | NO_ARP);
    body.attribute(IFLA_NAME, name).attribute32(IFLA_MTU, mtu);
    body.nested(
        IFLA_LINK_INFO,
        () -> {
          body.attribute(INFO_KIND, kind);
          body.nested(INFO_DATA, () -> data.accept(body));
        });
    return new Request("add " + kind + " " + name, NEW, CREATE, body.bytes());
  }

  /** Makes a bridge, up. */
  public static Request addBridge(String name) {
    return addPlain(name, "bridge");
  }

  /** Makes a device that swallows everything, up. */
  public static Request addDummy(String name) {
    return addPlain(name, "dummy");
  }

  private static Request addPlain(String name, String kind) {
    var body = new Body();
    header(body, 0, UP);
    body.attribute(IFLA_NAME, name);
    body.nested(IFLA_LINK_INFO, () -> body.attribute(INFO_KIND, kind));
    return new Request("add " + kind + " " + name, NEW, CREATE, body.bytes());
  }

  /** Deletes an interface; the other end of a pair goes with it. */
  public static Request delete(String name) {
    var body = new Body();
    header(body, 0, 0);
    body.attribute(IFLA_NAME, name);
    return new Request("delete link " + name, DELETE, 0, body.bytes());
  }

  /** Deletes an interface by its index. */
  public static Request delete(int index) {
    var body = new Body();
    header(body, index, 0);
    return new Request("delete link " + index, DELETE, 0, body.bytes());
  }

  /** Sets an interface up. */
  public static Request up(int index) {
    var body = new Body();
    body.u8(0).u8(0).u16(0).u32(index).u32(UP).u32(UP);
    return new Request("set link " + index + " up", NEW, 0, body.bytes());
  }

  /** Sets an interface up, and lets it ask for no neighbours' addresses. */
  public static Request upWithoutArp(int index) {
    var body = new Body();
    header(body, index, UP | NO_ARP);
    return new Request("set link " + index + " up, no ARP", NEW, 0, body.bytes());
  }

  /** Sets an interface down. */
  public static Request down(int index) {
    var body = new Body();
    body.u8(0).u8(0).u16(0).u32(index).u32(0).u32(UP);
    return new Request("set link " + index + " down", NEW, 0, body.bytes());
  }

  /** Sets the MTU. */
  public static Request mtu(int index, int mtu) {
    return change(index, "mtu " + mtu, body -> body.attribute32(IFLA_MTU, mtu));
  }

  /** Puts an interface under a bridge; 0 takes it away. */
  public static Request master(int index, int master) {
    return change(index, "master " + master, body -> body.attribute32(IFLA_MASTER, master));
  }

  /** Sets the text that an administrator sees beside the interface; at most 255 bytes. */
  public static Request alias(int index, String alias) {
    return change(index, "alias", body -> body.attribute(IFLA_ALIAS, alias));
  }

  /** Moves an interface into the namespace of an open file. */
  public static Request namespace(int index, int namespaceFd) {
    return change(index, "namespace", body -> body.attribute32(IFLA_NS_FD, namespaceFd));
  }

  private static Request change(int index, String what, Consumer<Body> add) {
    var body = new Body();
    header(body, index, 0);
    add.accept(body);
    return new Request("set link " + index + " " + what, NEW, 0, body.bytes());
  }

  /** All interfaces. */
  public static Query<Link> all() {
    var body = new Body();
    header(body, 0, 0);
    return new Query<>(
        new Request("list links", GET, Netlink.Flags.DUMP, body.bytes()), NEW, Links::parse);
  }

  /** One interface by its name. */
  public static Query<Link> named(String name) {
    var body = new Body();
    header(body, 0, 0);
    body.attribute(IFLA_NAME, name);
    return new Query<>(new Request("get link " + name, GET, 0, body.bytes()), NEW, Links::parse);
  }

  private static void header(Body body, int index, int flags) {
    body.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(flags);
  }

  static Optional<Link> parse(ByteBuffer body) {
    Attributes attributes = Attributes.after(body, HEADER);
    Optional<Attributes> info = attributes.nested(IFLA_LINK_INFO);
    return Optional.of(
        new Link(
            body.getInt(4),
            attributes.text(IFLA_NAME).orElse(""),
            attributes.mac(IFLA_ADDRESS),
            attributes.u32(IFLA_MTU).orElse(0),
            info.flatMap(i -> i.text(INFO_KIND)).orElse(""),
            (body.getInt(8) & UP) != 0,
            (body.getInt(8) & RUNNING) != 0,
            (body.getInt(8) & NO_ARP) == 0,
            attributes.u32(IFLA_MASTER).orElse(0),
            attributes.u32(IFLA_LINK).orElse(0),
            peerNamespace(attributes.u32(IFLA_LINK_NAMESPACE_ID)),
            attributes.text(IFLA_ALIAS).orElse(""),
            info.flatMap(Links::tunnel)));
  }

  private static OptionalInt peerNamespace(OptionalInt id) {
    return id.isPresent() && id.getAsInt() >= 0 ? id : OptionalInt.empty();
  }

  private static Optional<Link.Tunnel> tunnel(Attributes info) {
    Optional<Attributes> data = info.nested(INFO_DATA);
    return switch (info.text(INFO_KIND).orElse("")) {
      case Link.VXLAN ->
          data.map(d -> new Link.Tunnel(port(d, VXLAN_PORT), isSet(d, VXLAN_COLLECT_METADATA)));
      case Link.GENEVE ->
          data.map(
              d ->
                  new Link.Tunnel(
                      port(d, GENEVE_PORT), d.bytes(GENEVE_COLLECT_METADATA).isPresent()));
      default -> Optional.empty();
    };
  }

  private static int port(Attributes data, int type) {
    return data.bytes(type)
        .filter(port -> port.length == 2)
        .map(port -> (port[0] & 0xff) << 8 | port[1] & 0xff)
        .orElse(0);
  }

  private static boolean isSet(Attributes data, int type) {
    return data.bytes(type).map(flag -> flag.length > 0 && flag[0] != 0).orElse(false);
  }
}
