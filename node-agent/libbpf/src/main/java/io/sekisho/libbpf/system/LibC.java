package io.sekisho.libbpf.system;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import org.jspecify.annotations.Nullable;

/** The C library as jnr-ffi binds it; addresses of native memory are longs. */
final class LibC {
  static final Runtime RUNTIME = Runtime.getSystemRuntime();
  static final Calls CALLS = LibraryLoader.create(Calls.class).load("libc.so.6");

  private LibC() {}

  /**
   * The functions. jnr-ffi 2.3.4 spoils the sixth argument when there are six or more and all are
   * primitive, therefore one of the six of {@code mmap} is a Pointer; a test watches over this.
   */
  public interface Calls {
    long mmap(
        @Nullable Pointer address, @size_t long length, int protection, int flags, int fd, long at);

    int munmap(long address, @size_t long length);

    int open(String path, int flags, int mode);

    int close(int fd);

    int fcntl(int fd, int command, int argument);

    int setns(int fd, int type);

    int unshare(int flags);

    int mount(
        @Nullable String source,
        String target,
        @Nullable String type,
        long flags,
        @Nullable String data);

    int umount2(String target, int flags);

    int socket(int domain, int type, int protocol);

    int bind(int fd, @In byte[] address, int length);

    int setsockopt(int fd, int level, int option, @In byte[] value, int length);

    long send(int fd, long buffer, @size_t long length, int flags);

    long recv(int fd, long buffer, @size_t long length, int flags);

    long sendto(
        int fd,
        @In byte[] data,
        @size_t long length,
        int flags,
        @In byte[] address,
        int addressLength);

    long recvfrom(
        int fd,
        @Out byte[] data,
        @size_t long length,
        int flags,
        @Out byte[] address,
        @In @Out int[] addressLength);

    int poll(long fds, long count, int timeoutMillis);

    int if_nametoindex(String name);

    int getpagesize();

    int ioctl(int fd, long request, long argument);
  }

  /** A failed call's errno, negative; what succeeded stays as it is. */
  static long checked(long result) {
    return result < 0 ? -LastError.getLastError(RUNTIME) : result;
  }

  /** The same for calls that return an int. */
  static int checked(int result) {
    return result < 0 ? -LastError.getLastError(RUNTIME) : result;
  }
}
