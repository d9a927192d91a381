package io.sekisho.netlink;

import io.sekisho.libbpf.system.Errno;

/** The kernel refused a request, or said something that cannot be read. */
public final class NetlinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The link, address, route, neighbour, rule or namespace is there already. */
    EXISTS,
    /** There is no such thing. */
    NOT_FOUND,
    /** Not root, or not enough capabilities. */
    PERMISSION,
    /** The kernel calls the request invalid. */
    INVALID,
    /** The kernel was built without it. */
    UNSUPPORTED_FEATURE,
    /** The kernel's answer is broken. */
    MALFORMED,
    /** Anything else that a system call may say. */
    SYSTEM
  }

  private final Code code;
  private final int errno;

  NetlinkException(Code code, int errno, String message) {
    super(message);
    this.code = code;
    this.errno = errno;
  }

  /**
   * An error from the kernel.
   *
   * @param what what was asked, for people
   * @param errno positive
   * @param explanation the kernel's extended acknowledgement, or empty
   */
  static NetlinkException refused(String what, int errno, String explanation) {
    String why = explanation.isEmpty() ? "" : ": " + explanation;
    return new NetlinkException(
        codeOf(errno), errno, what + why + " (" + Errno.describe(errno) + ")");
  }

  static NetlinkException malformed(String why) {
    return new NetlinkException(Code.MALFORMED, 0, "the kernel's answer cannot be read: " + why);
  }

  /** The result of a system call, if it is no negative errno. */
  static int check(String what, long result) {
    if (result < 0) {
      throw refused(what, (int) -result, "");
    }
    return (int) result;
  }

  private static Code codeOf(int errno) {
    return switch (errno) {
      case Errno.EEXIST -> Code.EXISTS;
      case Errno.ENOENT, Errno.ENODEV, Errno.ESRCH -> Code.NOT_FOUND;
      case Errno.EPERM, Errno.EACCES -> Code.PERMISSION;
      case Errno.EINVAL, Errno.ERANGE -> Code.INVALID;
      case Errno.EOPNOTSUPP -> Code.UNSUPPORTED_FEATURE;
      default -> Code.SYSTEM;
    };
  }

  /** Why. */
  public Code code() {
    return code;
  }

  /** The kernel's error number, 0 if the error is not the kernel's. */
  public int errno() {
    return errno;
  }
}
