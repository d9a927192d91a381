package io.sekisho.libbpf.system;

import io.sekisho.libbpf.system.LibC.Calls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import jnr.ffi.LastError;

/**
 * System calls, as the kernel knows them: each returns its result, or a negative errno (see {@link
 * Errno}); nothing is thrown. Numbers are those of Linux on 64-bit machines.
 */
public final class SystemCalls {
  /** Namespace type of {@link #setns} and {@link #unshare}: network. */
  public static final int CLONE_NEWNET = 0x40000000;

  /** Namespace type: mounts. */
  public static final int CLONE_NEWNS = 0x00020000;

  private static final Calls C = LibC.CALLS;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int MAP_SHARED = 1;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final int PROT_READ = 1;
  private static final int PROT_READ_WRITE = 3;
  private static final int MS_BIND = 4096;
  private static final int MS_REC = 16384;
  private static final int MS_SHARED = 1 << 20;
  private static final int MNT_DETACH = 2;
  private static final int POLLIN = 1;
  private static final int MSG_DONTWAIT = 0x40;

  private SystemCalls() {}

  /** Opens a file for reading. */
  public static int open(Path path) {
    return LibC.checked(C.open(path.toString(), O_CLOEXEC, 0));
  }

  /** Closes a descriptor. */
  public static int close(int fd) {
    return LibC.checked(C.close(fd));
  }

  /** A second descriptor for the same thing. */
  public static int dup(int fd) {
    return LibC.checked(C.fcntl(fd, F_DUPFD_CLOEXEC, 0));
  }

  /** Moves the calling thread into the namespace of an open namespace file. */
  public static int setns(int fd, int type) {
    return LibC.checked(C.setns(fd, type));
  }

  /** Moves the calling thread into a new namespace. */
  public static int unshare(int types) {
    return LibC.checked(C.unshare(types));
  }

  /** Mounts a file system, for example type {@code bpf} on {@code /sys/fs/bpf}. */
  public static int mount(String type, Path target) {
    return LibC.checked(C.mount(type, target.toString(), type, 0, null));
  }

  /** Makes {@code target} show what {@code source} shows. */
  public static int bindMount(Path source, Path target) {
    return LibC.checked(C.mount(source.toString(), target.toString(), "none", MS_BIND, null));
  }

  /** Makes mounts below {@code target} be seen in other mount namespaces as well. */
  public static int shareMount(Path target) {
    return LibC.checked(C.mount("", target.toString(), "none", MS_SHARED | MS_REC, null));
  }

  /** Takes a mount away as soon as nobody uses it. */
  public static int unmount(Path target) {
    return LibC.checked(C.umount2(target.toString(), MNT_DETACH));
  }

  /** Opens a socket that is closed on exec. */
  public static int socket(int domain, int type, int protocol) {
    return LibC.checked(C.socket(domain, type | O_CLOEXEC, protocol));
  }

  /** Binds a socket to a {@code struct sockaddr} of any family. */
  public static int bind(int fd, byte[] address) {
    return LibC.checked(C.bind(fd, address, address.length));
  }

  /** Sets an option with raw bytes as its value. */
  public static int setsockopt(int fd, int level, int option, byte[] value) {
    return LibC.checked(C.setsockopt(fd, level, option, value, value.length));
  }

  /** Sends the first {@code length} bytes of native memory. */
  public static long send(int fd, MemorySegment buffer, long length) {
    requireNative(buffer, length);
    return LibC.checked(C.send(fd, buffer.address(), length, 0));
  }

  /** Receives into native memory; returns the length. */
  public static long receive(int fd, MemorySegment buffer) {
    requireNative(buffer, buffer.byteSize());
    return LibC.checked(C.recv(fd, buffer.address(), buffer.byteSize(), 0));
  }

  /** Waits until the descriptor can be read: 1, or 0 after the time. */
  public static int awaitReadable(int fd, int timeoutMillis) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment pollfd = arena.allocate(8, 8);
      pollfd.set(ValueLayout.JAVA_INT, 0, fd);
      pollfd.set(ValueLayout.JAVA_SHORT, 4, (short) POLLIN);
      return LibC.checked(C.poll(pollfd.address(), 1, timeoutMillis));
    }
  }

  /** Sends a datagram to a {@code struct sockaddr} of any family; never waits. */
  public static long sendTo(int fd, byte[] data, byte[] address) {
    return LibC.checked(C.sendto(fd, data, data.length, MSG_DONTWAIT, address, address.length));
  }

  /**
   * Receives a datagram and who sent it, as a {@code struct sockaddr}; never waits. What does not
   * fit is cut off.
   *
   * @return the length, -EAGAIN if there is none
   */
  public static long receiveFrom(int fd, byte[] data, byte[] address) {
    int[] length = {address.length};
    return LibC.checked(C.recvfrom(fd, data, data.length, MSG_DONTWAIT, address, length));
  }

  /** Waits until one of some descriptors can be read: how many can, or 0 after the time. */
  public static int awaitReadable(int[] fds, int timeoutMillis) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment pollfds = arena.allocate(8L * fds.length, 8);
      for (int i = 0; i < fds.length; i++) {
        pollfds.set(ValueLayout.JAVA_INT, 8L * i, fds[i]);
        pollfds.set(ValueLayout.JAVA_SHORT, 8L * i + 4, (short) POLLIN);
      }
      return LibC.checked(C.poll(pollfds.address(), fds.length, timeoutMillis));
    }
  }

  /** Index of a network interface in the calling thread's namespace. */
  public static int interfaceIndex(String name) {
    int index = C.if_nametoindex(name);
    return index == 0 ? -LastError.getLastError(LibC.RUNTIME) : index;
  }

  /** Bytes of a page. */
  public static int pageSize() {
    return C.getpagesize();
  }

  /** Maps what a descriptor shows into memory; the address, or a negative errno. */
  public static long mapShared(int fd, long offset, long length, boolean writable) {
    int protection = writable ? PROT_READ_WRITE : PROT_READ;
    return LibC.checked(C.mmap(null, length, protection, MAP_SHARED, fd, offset));
  }

  /** Zeroed memory that costs nothing until it is touched; the address, or a negative errno. */
  public static long mapAnonymous(long length) {
    return LibC.checked(C.mmap(null, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0));
  }

  /** Gives mapped memory back. */
  public static int unmap(long address, long length) {
    return LibC.checked(C.munmap(address, length));
  }

  private static void requireNative(MemorySegment buffer, long length) {
    if (!buffer.isNative() || length > buffer.byteSize()) {
      throw new IllegalArgumentException("needs " + length + " bytes of native memory");
    }
  }
}
