package io.sekisho.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One message from the kernel (struct nlmsghdr and its body).
 *
 * @param type what it is
 * @param flags NLM_F_…
 * @param sequence number of the request that it answers
 * @param body what follows the header
 */
record Answer(int type, int flags, int sequence, ByteBuffer body) {
  static final int ERROR = 2;
  static final int DONE = 3;
  static final int FLAG_DUMP_INTERRUPTED = 0x10;

  private static final int HEADER = 16;
  private static final int FLAG_CAPPED = 0x100;
  private static final int FLAG_EXTENDED = 0x200;
  private static final int EXTENDED_TEXT = 1;

  /**
   * Reads all messages of a datagram.
   *
   * @throws NetlinkException MALFORMED if a length is impossible
   */
  static List<Answer> readAll(ByteBuffer datagram) {
    var answers = new ArrayList<Answer>();
    int at = 0;
    while (at < datagram.limit()) {
      int rest = datagram.limit() - at;
      int length = rest < HEADER ? -1 : datagram.getInt(at);
      if (length < HEADER || length > rest) {
        throw NetlinkException.malformed(
            "a message of length %d where %d bytes are left".formatted(length, rest));
      }
      answers.add(
          new Answer(
              datagram.getShort(at + 4) & 0xffff,
              datagram.getShort(at + 6) & 0xffff,
              datagram.getInt(at + 8),
              datagram.slice(at + HEADER, length - HEADER).order(ByteOrder.nativeOrder())));
      at = Math.addExact(at, (length + 3) & ~3);
    }
    return answers;
  }

  /** The errno of an ERROR or DONE message, 0 for success. */
  int errno() {
    if (body.remaining() < Integer.BYTES) {
      if (type == DONE) {
        return 0;
      }
      throw NetlinkException.malformed("an acknowledgement without number");
    }
    return -body.getInt(0);
  }

  /** The kernel's own words on an error, or empty. */
  String explanation() {
    if ((flags & FLAG_EXTENDED) == 0 || type != ERROR) {
      return "";
    }
    int echoed = Integer.BYTES + HEADER;
    if ((flags & FLAG_CAPPED) == 0 && body.remaining() >= echoed) {
      echoed = Integer.BYTES + ((body.getInt(Integer.BYTES) + 3) & ~3);
    }
    if (echoed < 0 || echoed > body.remaining()) {
      return "";
    }
    return Attributes.after(body, echoed).text(EXTENDED_TEXT).orElse("");
  }
}
