package io.sekisho.netlink;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The numbers that a network namespace has for others (RTM_*NSID, linux/net_namespace.h), such as
 * those in {@link Link#peerNamespace}.
 */
public final class NamespaceIds {
  private static final int NEW = 88;
  private static final int GET = 90;
  private static final int HEADER = 4;
  private static final int NETNSA_ID = 1;
  private static final int NETNSA_FD = 3;
  private static final int NONE = -1;

  private NamespaceIds() {}

  /** The number of an open namespace; nothing is found if it has none. */
  public static Query<Integer> of(NetworkNamespace namespace) {
    var body = new Body();
    body.u8(0).u8(0).u16(0).attribute32(NETNSA_FD, namespace.fd());
    return new Query<>(
        new Request("number of namespace " + namespace.path(), GET, 0, body.bytes()),
        NEW,
        NamespaceIds::parse);
  }

  static Optional<Integer> parse(ByteBuffer body) {
    var id = Attributes.after(body, HEADER).u32(NETNSA_ID);
    return id.isPresent() && id.getAsInt() != NONE ? Optional.of(id.getAsInt()) : Optional.empty();
  }
}
