package io.sekisho.libbpf.system;

import java.util.Map;

/** Error numbers of Linux (asm-generic/errno-base.h, errno.h) that our callers tell apart. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int E2BIG = 7;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int ENOSPC = 28;
  public static final int ERANGE = 34;
  public static final int EMSGSIZE = 90;
  public static final int EPROTONOSUPPORT = 93;
  public static final int EOPNOTSUPP = 95;
  public static final int EADDRINUSE = 98;
  public static final int ENETUNREACH = 101;
  public static final int ENOBUFS = 105;
  public static final int EHOSTUNREACH = 113;
  public static final int ESTALE = 116;
  public static final int ENOTSUPP = 524;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(EPERM, "EPERM: operation not permitted"),
          Map.entry(ENOENT, "ENOENT: no such file or entry"),
          Map.entry(ESRCH, "ESRCH: no such object"),
          Map.entry(EINTR, "EINTR: interrupted"),
          Map.entry(E2BIG, "E2BIG: argument too long"),
          Map.entry(EBADF, "EBADF: bad file descriptor"),
          Map.entry(EAGAIN, "EAGAIN: try again"),
          Map.entry(ENOMEM, "ENOMEM: out of memory"),
          Map.entry(EACCES, "EACCES: permission denied"),
          Map.entry(EFAULT, "EFAULT: bad address"),
          Map.entry(EBUSY, "EBUSY: busy"),
          Map.entry(EEXIST, "EEXIST: exists already"),
          Map.entry(ENODEV, "ENODEV: no such device"),
          Map.entry(EINVAL, "EINVAL: invalid argument"),
          Map.entry(ENOSPC, "ENOSPC: no space left"),
          Map.entry(ERANGE, "ERANGE: out of range"),
          Map.entry(EMSGSIZE, "EMSGSIZE: message too long"),
          Map.entry(EPROTONOSUPPORT, "EPROTONOSUPPORT: protocol not supported"),
          Map.entry(EOPNOTSUPP, "EOPNOTSUPP: not supported"),
          Map.entry(EADDRINUSE, "EADDRINUSE: address in use"),
          Map.entry(ENETUNREACH, "ENETUNREACH: network unreachable"),
          Map.entry(ENOBUFS, "ENOBUFS: no buffer space"),
          Map.entry(EHOSTUNREACH, "EHOSTUNREACH: host unreachable"),
          Map.entry(ESTALE, "ESTALE: stale handle"),
          Map.entry(ENOTSUPP, "ENOTSUPP: not supported by this kernel"));

  private Errno() {}

  /** Name and meaning of a (positive) errno. */
  public static String describe(int errno) {
    return NAMES.getOrDefault(errno, "errno " + errno);
  }
}
