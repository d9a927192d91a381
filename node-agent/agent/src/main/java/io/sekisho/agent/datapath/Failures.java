package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.libbpf.BpfException;
import io.sekisho.netlink.NetlinkException;
import java.util.function.Supplier;

/** Turns errors of libbpf and netlink into those of the datapath. */
final class Failures {
  private Failures() {}

  /** Does something that talks to the kernel; {@code otherwise} is the code of unclear errors. */
  static <T> T translated(Code otherwise, String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (BpfException e) {
      throw new DatapathException(codeOf(e, otherwise), what + ": " + e.getMessage(), e);
    } catch (NetlinkException e) {
      throw new DatapathException(codeOf(e, otherwise), what + ": " + e.getMessage(), e);
    }
  }

  static void translated(Code otherwise, String what, Runnable work) {
    translated(
        otherwise,
        what,
        () -> {
          work.run();
          return what;
        });
  }

  /** An object that could not be realized, with the kernel's reason. */
  static Datapath.RealizeError unrealized(String object, RuntimeException why) {
    return new Datapath.RealizeError(object, String.valueOf(why.getMessage()));
  }

  private static Code codeOf(BpfException e, Code otherwise) {
    return switch (e.code()) {
      case UNSUPPORTED_FEATURE -> Code.UNSUPPORTED_FEATURE;
      case PERMISSION -> Code.PERMISSION_DENIED;
      case FULL -> Code.MAP_FULL;
      case LOAD_FAILED -> Code.LOAD_FAILED;
      case NOT_FOUND, EXISTS, NO_MEMORY, INVALID, SYSTEM -> otherwise;
    };
  }

  private static Code codeOf(NetlinkException e, Code otherwise) {
    return switch (e.code()) {
      case UNSUPPORTED_FEATURE -> Code.UNSUPPORTED_FEATURE;
      case PERMISSION -> Code.PERMISSION_DENIED;
      case EXISTS, NOT_FOUND, INVALID, MALFORMED, SYSTEM -> otherwise;
    };
  }
}
