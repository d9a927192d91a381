package io.sekisho.libbpf;

import io.sekisho.libbpf.system.Errno;

/** The kernel or libbpf refused; the code says why, the errno is the kernel's own word. */
public final class BpfException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    /** The kernel lacks a feature; the message names it. */
    UNSUPPORTED_FEATURE,
    /** A program was refused; the message holds the whole verifier log. */
    LOAD_FAILED,
    /** Not root, or not enough capabilities. */
    PERMISSION,
    /** No such map, program, variable, pin, key or device. */
    NOT_FOUND,
    /** The key or the pin is there already. */
    EXISTS,
    /** The map has no room. */
    FULL,
    /** There is no memory for it, on the machine or in the process's cgroup. */
    NO_MEMORY,
    /** Sizes or types do not fit, or the kernel calls the argument invalid. */
    INVALID,
    /** Anything else that a system call may say. */
    SYSTEM
  }

  private final Code code;
  private final int errno;

  BpfException(Code code, int errno, String message) {
    super(errno == 0 ? message : message + " (" + Errno.describe(errno) + ")");
    this.code = code;
    this.errno = errno;
  }

  /** Error of a call that returned a negative errno. */
  static BpfException of(String what, int negativeErrno) {
    int errno = -negativeErrno;
    return new BpfException(codeOf(errno), errno, what);
  }

  /** The result, if it is no negative errno. */
  static int check(String what, int result) {
    if (result < 0) {
      throw of(what, result);
    }
    return result;
  }

  private static Code codeOf(int errno) {
    return switch (errno) {
      case Errno.EPERM, Errno.EACCES -> Code.PERMISSION;
      case Errno.ENOENT, Errno.ENODEV, Errno.ESRCH -> Code.NOT_FOUND;
      case Errno.EEXIST -> Code.EXISTS;
      case Errno.E2BIG, Errno.ENOSPC -> Code.FULL;
      case Errno.ENOMEM -> Code.NO_MEMORY;
      case Errno.EINVAL -> Code.INVALID;
      case Errno.EOPNOTSUPP, Errno.ENOTSUPP -> Code.UNSUPPORTED_FEATURE;
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
