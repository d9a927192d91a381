package io.sekisho.netlink;

/**
 * One message to the kernel; made by {@link Links}, {@link Addresses}, {@link Routes}, {@link
 * Neighbours} and {@link Rules}, sent by {@link Netlink}.
 */
public final class Request {
  private final String what;
  private final int type;
  private final int flags;
  private final byte[] body;

  Request(String what, int type, int flags, byte[] body) {
    this.what = what;
    this.type = type;
    this.flags = flags;
    this.body = body;
  }

  int type() {
    return type;
  }

  int flags() {
    return flags;
  }

  byte[] body() {
    return body;
  }

  /** What is asked, for error messages. */
  @Override
  public String toString() {
    return what;
  }
}
