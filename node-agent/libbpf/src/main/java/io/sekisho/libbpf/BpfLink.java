package io.sekisho.libbpf;

import io.sekisho.libbpf.system.Descriptor;
import io.sekisho.libbpf.system.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * A program's attachment, as an object of the kernel: it ends when nobody holds a descriptor or a
 * pin of it. The program can be exchanged without a packet passing in between.
 */
public final class BpfLink implements AutoCloseable {
  private static final int LINK_TYPE_CGROUP = 3;
  private static final int LINK_TYPE_XDP = 6;
  private static final int LINK_TYPE_TCX = 11;
  private static final int ATTACH_XDP = 37;

  /** {@code struct bpf_link_create_opts} up to its flags. */
  private static final int CREATE_OPTS = 16;

  private static final int CREATE_FLAGS = 8;
  private static final int INFO_PROGRAM = 8;
  private static final int INFO_INDEX = 16;
  private static final int INFO_TCX_ATTACH = 20;
  private static final int INFO_CGROUP = 16;

  private final Descriptor descriptor;

  private BpfLink(int fd) {
    this.descriptor = new Descriptor(fd);
  }

  /** Where on an interface a program runs; numbers of {@code enum bpf_attach_type}. */
  public enum Hook {
    /** What comes in from the interface. */
    INGRESS(46),
    /** What goes out to the interface. */
    EGRESS(47);

    private final int attachType;

    Hook(int attachType) {
      this.attachType = attachType;
    }

    int attachType() {
      return attachType;
    }
  }

  /**
   * Attaches a program to an interface of the calling thread's network namespace.
   *
   * @throws BpfException UNSUPPORTED_FEATURE if the kernel has no tcx (it came with 6.6)
   */
  public static BpfLink attach(BpfProgram program, int interfaceIndex, Hook hook) {
    int fd = LibBpf.CALLS.bpf_link_create(program.fd(), interfaceIndex, hook.attachType(), null);
    if (fd < 0 && KernelFeatures.Feature.TCX.probe().isMissing()) {
      throw new BpfException(
          BpfException.Code.UNSUPPORTED_FEATURE, -fd, KernelFeatures.Feature.TCX.explain());
    }
    String what = "attach %s to interface %d %s".formatted(program.name(), interfaceIndex, hook);
    return new BpfLink(BpfException.check(what, fd));
  }

  /** Who runs an XDP program; flags of {@code linux/if_link.h}. */
  public enum Xdp {
    /** The kernel, once it has made a packet buffer of the frame. */
    GENERIC(1 << 1),
    /** The device's driver. */
    NATIVE(1 << 2);

    private final int flag;

    Xdp(int flag) {
      this.flag = flag;
    }
  }

  /**
   * Attaches an XDP program to an interface of the calling thread's network namespace.
   *
   * @throws BpfException if the driver cannot, or another program is there
   */
  public static BpfLink attachXdp(BpfProgram program, int interfaceIndex, Xdp mode) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment opts = KernelObject.opts(arena, CREATE_OPTS);
      opts.set(ValueLayout.JAVA_INT, CREATE_FLAGS, mode.flag);
      int fd =
          LibBpf.CALLS.bpf_link_create(
              program.fd(), interfaceIndex, ATTACH_XDP, KernelObject.pointer(opts));
      return new BpfLink(
          BpfException.check(
              "attach %s to interface %d, XDP %s".formatted(program.name(), interfaceIndex, mode),
              fd));
    }
  }

  /** Which calls of sockets a program sees; numbers of {@code enum bpf_attach_type}. */
  public enum SocketCall {
    /** connect(2) to an IPv4 address. */
    CONNECT4(10),
    /** connect(2) to an IPv6 address. */
    CONNECT6(11),
    /** A datagram to an IPv4 address that the socket is not connected to. */
    SENDMSG4(14),
    /** A datagram to an IPv6 address that the socket is not connected to. */
    SENDMSG6(15),
    /** Who sent a datagram, IPv4. */
    RECVMSG4(19),
    /** Who sent a datagram, IPv6. */
    RECVMSG6(20),
    /** getpeername(2), IPv4. */
    GETPEERNAME4(29),
    /** getpeername(2), IPv6. */
    GETPEERNAME6(30);

    private final int attachType;

    SocketCall(int attachType) {
      this.attachType = attachType;
    }
  }

  /**
   * Attaches a program to a cgroup: it sees the calls of all processes in it and below.
   *
   * @param cgroup folder of a cgroup of version 2
   * @throws BpfException INVALID if it is none
   */
  public static BpfLink attachCgroup(BpfProgram program, Path cgroup, SocketCall call) {
    try (var folder =
        new Descriptor(BpfException.check("open " + cgroup, SystemCalls.open(cgroup)))) {
      int fd = LibBpf.CALLS.bpf_link_create(program.fd(), folder.number(), call.attachType, null);
      return new BpfLink(
          BpfException.check("attach %s to cgroup %s".formatted(program.name(), cgroup), fd));
    }
  }

  /** Opens a pinned link. */
  public static BpfLink openPinned(Path path) {
    return new BpfLink(KernelObject.openPinned(path));
  }

  /** Exchanges the program; every packet meets the old or the new one. */
  public void update(BpfProgram program) {
    BpfException.check(
        "update link to " + program.name(),
        LibBpf.CALLS.bpf_link_update(descriptor.number(), program.fd(), null));
  }

  /** What the link attaches to what. */
  public Info info() {
    try (var arena = Arena.ofConfined()) {
      MemorySegment raw = KernelObject.info("link", descriptor.number(), arena);
      int type = raw.get(ValueLayout.JAVA_INT, 0);
      boolean tcx = type == LINK_TYPE_TCX;
      return new Info(
          raw.get(ValueLayout.JAVA_INT, 4),
          raw.get(ValueLayout.JAVA_INT, INFO_PROGRAM),
          tcx || type == LINK_TYPE_XDP ? raw.get(ValueLayout.JAVA_INT, INFO_INDEX) : 0,
          tcx && raw.get(ValueLayout.JAVA_INT, INFO_TCX_ATTACH) == Hook.EGRESS.attachType(),
          type == LINK_TYPE_CGROUP ? raw.get(ValueLayout.JAVA_LONG, INFO_CGROUP) : 0);
    }
  }

  /** Pins the link, so that it outlives the process. */
  public void pin(Path path) {
    KernelObject.pin(descriptor.number(), path);
  }

  /** Ends the attachment now, whoever else holds the link. */
  public void detach() {
    BpfException.check("detach link", LibBpf.CALLS.bpf_link_detach(descriptor.number()));
  }

  @Override
  public void close() {
    descriptor.close();
  }

  /**
   * What a link attaches to what.
   *
   * @param id the kernel's number of the link
   * @param programId the kernel's number of the program
   * @param interfaceIndex where; 0 if the interface is gone
   * @param egress whether it sees what goes out to the interface
   * @param cgroup the kernel's number of the cgroup, which is its folder's inode; 0 for none
   */
  public record Info(int id, int programId, int interfaceIndex, boolean egress, long cgroup) {}
}
