package io.sekisho.netlink;

import io.sekisho.libbpf.system.Descriptor;
import io.sekisho.libbpf.system.Errno;
import io.sekisho.libbpf.system.SystemCalls;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

/**
 * A network namespace, held open. Work inside it runs on platform threads made for it: a thread
 * that has moved is never used for anything else. Named namespaces lie where {@code ip netns} has
 * them.
 */
public final class NetworkNamespace implements AutoCloseable {
  /** Folder of named namespaces. */
  public static final Path FOLDER = Path.of("/run/netns");

  private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/ns/net");

  private final Path path;
  private final Descriptor descriptor;

  private NetworkNamespace(Path path, Descriptor descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /** Opens the namespace that a file stands for: a named one, or {@code /proc/1234/ns/net}. */
  public static NetworkNamespace open(Path path) {
    int fd = SystemCalls.open(path);
    return new NetworkNamespace(
        path, new Descriptor(NetlinkException.check("open namespace " + path, fd)));
  }

  /** The namespace in which the calling thread is. */
  public static NetworkNamespace current() {
    return open(OF_THIS_THREAD);
  }

  /**
   * Makes a named namespace, with its loopback interface up.
   *
   * @throws NetlinkException EXISTS
   */
  public static NetworkNamespace create(String name) {
    Path path = named(name);
    try {
      prepareFolder();
      Files.createFile(path);
    } catch (FileAlreadyExistsException e) {
      throw NetlinkException.refused("create namespace " + name, Errno.EEXIST, "");
    } catch (IOException e) {
      throw new NetlinkException(
          NetlinkException.Code.SYSTEM, 0, "create namespace " + name + ": " + e);
    }
    try {
      onNewThread(
          () -> {
            NetlinkException.check("unshare", SystemCalls.unshare(SystemCalls.CLONE_NEWNET));
            NetlinkException.check(
                "mount namespace " + name, SystemCalls.bindMount(OF_THIS_THREAD, path));
            try (var netlink = Netlink.open()) {
              netlink.run(Links.up(1));
            }
            return path;
          });
      return open(path);
    } catch (RuntimeException e) {
      delete(name);
      throw e;
    }
  }

  private static void prepareFolder() throws IOException {
    Files.createDirectories(FOLDER);
    if (SystemCalls.shareMount(FOLDER) == -Errno.EINVAL) {
      NetlinkException.check("mount " + FOLDER, SystemCalls.bindMount(FOLDER, FOLDER));
      NetlinkException.check("share " + FOLDER, SystemCalls.shareMount(FOLDER));
    }
  }

  /** Removes a name; the namespace ends when no process is in it any more. False if not there. */
  public static boolean delete(String name) {
    Path path = named(name);
    SystemCalls.unmount(path);
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new NetlinkException(
          NetlinkException.Code.SYSTEM, 0, "delete namespace " + name + ": " + e);
    }
  }

  private static Path named(String name) {
    if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
      throw new IllegalArgumentException("'" + name + "' is no name for a namespace");
    }
    return FOLDER.resolve(name);
  }

  /** The file that stands for it. */
  public Path path() {
    return path;
  }

  /** Open descriptor, for netlink; stays this object's own. */
  public int fd() {
    return descriptor.number();
  }

  /** Does something inside, on a thread made for it; unchecked exceptions come through. */
  public <T> T call(Callable<T> work) {
    return onNewThread(
        () -> {
          enter();
          return work.call();
        });
  }

  /** Does something inside, see {@link #call}. */
  public void run(Runnable work) {
    call(
        () -> {
          work.run();
          return path;
        });
  }

  /** A single thread that stays inside until it is shut down. */
  public ExecutorService executor(String threadName) {
    return Executors.newSingleThreadExecutor(
        work ->
            Thread.ofPlatform()
                .daemon()
                .name(threadName)
                .unstarted(
                    () -> {
                      enter();
                      work.run();
                    }));
  }

  private void enter() {
    int result = SystemCalls.setns(fd(), SystemCalls.CLONE_NEWNET);
    NetlinkException.check("enter namespace " + path, result);
  }

  private static <T> T onNewThread(Callable<T> work) {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().name("netns").start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException error) {
            throw error;
          }
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          throw new NetlinkException(
              NetlinkException.Code.SYSTEM, 0, "in namespace: " + e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
