package io.sekisho.netlink;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The clsact queueing discipline and its filters (RTM_*QDISC, linux/pkt_sched.h). */
public final class Qdiscs {
  private static final int NEW_FILTER = 44;
  private static final int GET_FILTER = 46;
  private static final int DELETE = 37;
  private static final int HEADER = 20;
  private static final int CLSACT_PARENT = 0xfffffff1;
  private static final int CLSACT_HANDLE = 0xffff0000;
  private static final int INGRESS = 0xfffffff2;
  private static final int EGRESS = 0xfffffff3;

  private Qdiscs() {}

  /** Takes clsact and all its filters away from an interface. */
  public static Request deleteClsact(int index) {
    return new Request(
        "delete clsact of link " + index,
        DELETE,
        0,
        header(index, CLSACT_HANDLE, CLSACT_PARENT).bytes());
  }

  /** The priorities of the clsact filters of an interface on one side. */
  public static Query<Integer> filters(int index, boolean egress) {
    return new Query<>(
        new Request(
            "list filters of link " + index,
            GET_FILTER,
            Netlink.Flags.DUMP,
            header(index, 0, egress ? EGRESS : INGRESS).bytes()),
        NEW_FILTER,
        Qdiscs::parse);
  }

  private static Body header(int index, int handle, int parent) {
    return new Body().u8(0).u8(0).u16(0).u32(index).u32(handle).u32(parent).u32(0);
  }

  static Optional<Integer> parse(ByteBuffer body) {
    if (body.remaining() < HEADER) {
      throw NetlinkException.malformed("a filter of %d bytes".formatted(body.remaining()));
    }
    return Optional.of(body.getInt(16) >>> 16);
  }
}
